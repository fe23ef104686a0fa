//! Files that only their owner can read, written whole or not at all.

#[cfg(unix)]
use std::fs::File;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// Replaces a file by way of another one in its folder: a reader sees the whole earlier file or the
/// whole new one, also after a crash.
pub(crate) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let new = beside(path, ".new");
    write_new(&new, content)?;
    fs::rename(&new, path)?;
    sync_folder(path)
}

/// Creates a file. Fails if it exists: nothing is replaced.
#[cfg(feature = "batch")]
pub(crate) fn create(path: &Path, content: &[u8]) -> io::Result<()> {
    // Several runs may create the same file at once.
    let part = beside(path, &format!(".{}", std::process::id()));
    // Fails if the file exists. A rename would replace it.
    let created = write_new(&part, content).and_then(|()| fs::hard_link(&part, path));
    let _ = fs::remove_file(&part);
    created?;
    sync_folder(path)
}

/// Returns the path of a file in the same folder.
pub(crate) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    // A file that is there already, of a run that failed, may belong to another user or be a link.
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    if let Err(error) = file.write_all(content).and_then(|()| file.sync_all()) {
        // On a full disk a part is of no use, and takes the space that is left.
        let _ = fs::remove_file(path);
        return Err(error);
    }
    Ok(())
}

/// Writes the name of a file to the disk. Its content alone would be lost with the name.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    match File::open(folder.unwrap_or(Path::new(".")))?.sync_all() {
        // Some network file systems cannot, and a folder may be writable without being readable.
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::InvalidInput | ErrorKind::Unsupported | ErrorKind::PermissionDenied
            ) =>
        {
            Ok(())
        }
        synced => synced,
    }
}

/// Does nothing: a folder cannot be opened as a file here.
#[cfg(not(unix))]
const fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(all(unix, feature = "batch"))]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    /// Folder that is deleted at the end of the test.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let name = format!("clinspark-private-{name}-{}", std::process::id());
            let path = std::env::temp_dir().join(name);
            let _ = fs::remove_dir_all(&path);
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn names(&self) -> Vec<String> {
            let entries = fs::read_dir(&self.0).unwrap();
            let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
            let mut names: Vec<_> = names.collect();
            names.sort();
            names
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_link_or_an_open_file_in_the_way_is_not_written() {
        let folder = Folder::new("link");
        let victim = folder.0.join("victim");
        let path = folder.0.join("file");
        for write in [replace as fn(&Path, &[u8]) -> io::Result<()>, create_alone] {
            for is_link in [true, false] {
                fs::write(&victim, "old").unwrap();
                for end in [".new".to_owned(), format!(".{}", std::process::id())] {
                    let part = beside(&path, &end);
                    let _ = fs::remove_file(&part);
                    if is_link {
                        symlink(&victim, &part).unwrap();
                    } else {
                        fs::write(&part, "open to all").unwrap();
                        fs::set_permissions(&part, fs::Permissions::from_mode(0o666)).unwrap();
                    }
                }
                write(&path, b"secret").unwrap();
                assert_eq!(fs::read_to_string(&victim).unwrap(), "old");
                assert_eq!(fs::read_to_string(&path).unwrap(), "secret");
                assert!(!fs::symlink_metadata(&path).unwrap().is_symlink());
                assert_eq!(mode(&path), 0o600);
            }
        }
    }

    fn create_alone(path: &Path, content: &[u8]) -> io::Result<()> {
        let _ = fs::remove_file(path);
        create(path, content)
    }

    #[test]
    fn creating_replaces_nothing_and_leaves_no_part() {
        let folder = Folder::new("create");
        let path = folder.0.join("file");
        create(&path, b"first").unwrap();
        let error = create(&path, b"second").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&path).unwrap(), "first");
        replace(&path, b"third").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "third");
        assert_eq!(folder.names(), ["file"]);
    }
}
