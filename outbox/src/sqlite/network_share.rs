//! Refuses files on network shares, where the locks of `SQLite` do not hold.
//!
//! Source: <https://www.sqlite.org/wal.html>

use std::path::{Component, Path, PathBuf, Prefix};

use clinspark_twilio::outbox::{StoreError, StoreErrorKind};

/// File systems of other machines, as the kernel names them. Two machines, or a virtual machine and
/// its host, can open a file there, and neither sees the shared memory or the locks of the other.
const NETWORK_FILE_SYSTEMS: &[&str] = &[
    "9p",
    "acfs",
    "afs",
    "beegfs",
    "ceph",
    "cifs",
    "coda",
    "davfs",
    "gfs2",
    "glusterfs",
    "gpfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "ocfs2",
    "orangefs",
    "prl_fs",
    "smb2",
    "smb3",
    "smbfs",
    "vboxsf",
    "virtiofs",
    "vmhgfs",
];

/// Programs behind `fuse.` that read from other machines.
const NETWORK_FUSE: &[&str] = &[
    "blobfuse",
    "blobfuse2",
    "ceph",
    "ceph-fuse",
    "cephfs",
    "davfs",
    "gcsfuse",
    "geesefs",
    "glusterfs",
    "goofys",
    "juicefs",
    "moosefs",
    "mfs",
    "mountpoint-s3",
    "quobyte",
    "rclone",
    "s3fs",
    "s3ql",
    "seaweedfs",
    "sftp",
    "smbnetfs",
    "sshfs",
    "vmhgfs-fuse",
    "weed",
];

/// Refuses a path on a network share, and returns the path of the file without symbolic links.
pub(super) fn refuse(path: &Path) -> Result<PathBuf, StoreError> {
    let file = resolve(path)?;
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    if is_unc(&file) || file_system(&mounts, &file).is_some_and(is_network) {
        return Err(StoreError::new(
            StoreErrorKind::Unavailable,
            "the SQLite file is on a network share, where its locks do not hold; choose a folder on a \
             local disk, or the PostgreSQL store",
        ));
    }
    Ok(file)
}

fn resolve(path: &Path) -> Result<PathBuf, StoreError> {
    let no_folder = |error: std::io::Error| {
        StoreError::new(
            StoreErrorKind::Unavailable,
            "the folder of the SQLite file cannot be opened; create it and let this process write to \
             it",
        )
        .with_source(error)
    };
    if path.symlink_metadata().is_ok() {
        return path.canonicalize().map_err(no_folder);
    }
    let Some(name) = path.file_name() else {
        return Err(StoreError::new(
            StoreErrorKind::Other,
            "the path of the SQLite file has no file name; add one, such as reminders.db",
        ));
    };
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    Ok(folder.canonicalize().map_err(no_folder)?.join(name))
}

/// Returns `true` for a share of Windows. A mapped drive resolves to one, too.
fn is_unc(path: &Path) -> bool {
    match path.components().next() {
        Some(Component::Prefix(prefix)) => {
            matches!(prefix.kind(), Prefix::UNC(..) | Prefix::VerbatimUNC(..))
        }
        _ => false,
    }
}

fn is_network(file_system: &str) -> bool {
    match file_system.split_once('.') {
        Some(("fuse", program)) => NETWORK_FUSE.contains(&program),
        _ => NETWORK_FILE_SYSTEMS.contains(&file_system),
    }
}

/// Returns the type of the file system that holds a file, by the table of mounts of Linux.
///
/// Source: <https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html>
fn file_system<'a>(mounts: &'a str, file: &Path) -> Option<&'a str> {
    let mounts = mounts.lines().filter_map(|line| {
        let (mount, source) = line.split_once(" - ")?;
        let folder = unescape(mount.split(' ').nth(4)?);
        let depth = Path::new(&folder).components().count();
        let holds = file.starts_with(&folder);
        holds.then_some((depth, source.split(' ').next()?))
    });
    // A later mount covers an earlier one at the same place.
    mounts.max_by_key(|(depth, _)| *depth).map(|(_, kind)| kind)
}

/// Decodes the octal escapes of the table: space, tab, line feed and backslash.
fn unescape(folder: &str) -> String {
    let escapes = [("\\040", " "), ("\\011", "\t"), ("\\012", "\n")];
    let folder = escapes
        .iter()
        .fold(folder.to_owned(), |folder, (from, to)| {
            folder.replace(from, to)
        });
    folder.replace("\\134", "\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
30 27 0:40 / /srv rw,relatime shared:1 - nfs4 filer:/export rw,vers=4.2
31 30 0:41 / /srv/local rw - xfs /dev/vdb rw
32 27 0:42 / /mnt/with\\040space rw master:2 - cifs //filer/share rw
33 27 0:43 / /over rw - nfs filer:/a rw
34 33 0:44 / /over rw - ext4 /dev/vdc rw
35 27 0:45 / /home/me/remote rw - fuse.sshfs me@host: rw
36 27 0:46 / /layers rw - fuse.fuse-overlayfs overlay rw
37 27 0:47 / /host rw - 9p host rw
38 27 0:48 / /media/disk rw - fuseblk /dev/sdb1 rw
39 27 0:49 / /srvice rw - smb3 //filer/x rw
";

    #[test]
    fn finds_the_innermost_and_last_mount() {
        let cases = [
            ("/reminders.db", "ext4", false),
            ("/srv/reminders.db", "nfs4", true),
            ("/srv/local/reminders.db", "xfs", false),
            ("/mnt/with space/reminders.db", "cifs", true),
            ("/over/reminders.db", "ext4", false),
            ("/home/me/remote/a/reminders.db", "fuse.sshfs", true),
            ("/layers/reminders.db", "fuse.fuse-overlayfs", false),
            ("/host/reminders.db", "9p", true),
            ("/media/disk/reminders.db", "fuseblk", false),
            ("/srvices/reminders.db", "ext4", false),
        ];
        for (file, kind, is_refused) in cases {
            let found = file_system(MOUNTS, Path::new(file));
            assert_eq!(found, Some(kind), "{file}");
            assert_eq!(found.is_some_and(is_network), is_refused, "{file}");
        }
        for kind in NETWORK_FILE_SYSTEMS {
            assert!(is_network(kind), "{kind}");
        }
        for program in NETWORK_FUSE {
            assert!(is_network(&format!("fuse.{program}")), "{program}");
        }
    }

    #[test]
    fn reads_an_odd_table_without_a_panic() {
        for table in ["", " - ", "a b c d e - ", "1 2 3 4 \\04 - x", "\n\n - - -"] {
            assert_ne!(file_system(table, Path::new("/a")), Some("nfs"), "{table}");
        }
    }
}
