//! Bytes of a recording: a tone in place of speech.

/// Samples of a second.
const RATE: u32 = 8_000;
/// Longest audio in seconds, so that no file fills the memory: one hour.
const LONGEST: u64 = 3_600;
/// Half of the period of the tone in samples: 500 Hz.
const HALF_PERIOD: usize = 8;
/// Amplitude of the tone.
const AMPLITUDE: i16 = 2_000;

/// Returns a WAV file of 16-bit samples at 8 kHz.
pub(super) fn wav(seconds: u64, channels: u8, is_silent: bool) -> Vec<u8> {
    let (samples, channels) = (samples(seconds), u16::from(channels));
    let frame = u32::from(channels) * 2;
    let data = samples.saturating_mul(frame);
    let mut file = Vec::with_capacity(data as usize + 44);
    file.extend(b"RIFF");
    file.extend((36 + data).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    // PCM.
    file.extend(1_u16.to_le_bytes());
    file.extend(channels.to_le_bytes());
    file.extend(RATE.to_le_bytes());
    file.extend((RATE * frame).to_le_bytes());
    file.extend((channels * 2).to_le_bytes());
    file.extend(16_u16.to_le_bytes());
    file.extend(b"data");
    file.extend(data.to_le_bytes());
    for sample in 0..samples as usize {
        let level = match (sample / HALF_PERIOD) % 2 {
            _ if is_silent => 0,
            0 => AMPLITUDE,
            _ => -AMPLITUDE,
        };
        for _ in 0..channels {
            file.extend(level.to_le_bytes());
        }
    }
    file
}

/// Header of a frame: MPEG-2 Layer III without a checksum, 32 kbit a second, 16 kHz, mono.
const MP3_HEADER: [u8; 4] = [0xFF, 0xF3, 0x48, 0xC0];
/// Bytes of a frame of 576 samples.
const MP3_FRAME: usize = 144;

/// Returns an MP3 file of silence: a frame without data decodes to it.
pub(super) fn mp3(seconds: u64) -> Vec<u8> {
    let frames = (seconds.min(LONGEST) * 16_000).div_ceil(576);
    let mut frame = [0; MP3_FRAME];
    for (byte, header) in frame.iter_mut().zip(MP3_HEADER) {
        *byte = header;
    }
    frame.repeat(usize::try_from(frames).unwrap_or_default())
}

fn samples(seconds: u64) -> u32 {
    u32::try_from(seconds.min(LONGEST)).unwrap_or_default() * RATE
}
