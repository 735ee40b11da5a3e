import Foundation

/// What the operating system says when a call fails, in the words of a person, with what to try.
package struct SystemProblem: Sendable, Equatable {
    /// What is wrong: "the disk is full".
    package let reason: String
    /// What to try, or empty.
    package let hint: String

    /// The words for an error number.
    package init(_ code: Int32) {
        if let known = Self.known[code] {
            (reason, hint) = known
        } else {
            (reason, hint) = (String(cString: strerror(code)).lowercased(), "")
        }
    }

    /// The words for an error of Foundation or of the system; nil for any other.
    package init?(_ error: any Error) {
        let error = error as NSError
        if let inner = error.userInfo[NSUnderlyingErrorKey] as? NSError, inner.domain == NSPOSIXErrorDomain {
            self.init(Int32(truncatingIfNeeded: inner.code))
        } else if error.domain == NSPOSIXErrorDomain {
            self.init(Int32(truncatingIfNeeded: error.code))
        } else if error.domain == NSCocoaErrorDomain, let code = Self.codes[CocoaError.Code(rawValue: error.code)] {
            self.init(code)
        } else {
            return nil
        }
    }

    private static let known: [Int32: (reason: String, hint: String)] = [
        ENOSPC: ("the disk is full", "free some space, or choose a place on another disk"),
        EDQUOT: ("your share of the disk is used up", "free some space, or choose a place on another disk"),
        EFBIG: (
            "the file would be larger than the limit for files allows",
            "raise the limit (ulimit -f unlimited), or choose another file system"
        ),
        EACCES: ("you have no permission", "check the permissions of the file and of its folder"),
        EPERM: ("the system does not permit it", "check the permissions of the file and of its folder"),
        EROFS: ("the disk can only be read", "choose a place on another disk"),
        ENOENT: ("there is no such file or folder", ""),
        ENOTDIR: ("a part of the path is a file, not a folder", ""),
        EISDIR: ("it is a folder", "give the name of a file"),
        EEXIST: ("there is already something of this name", "choose another name, or remove it"),
        ENOTEMPTY: ("the folder is not empty", "choose another name, or remove it"),
        ENAMETOOLONG: ("the name is too long", "choose a shorter one"),
        ELOOP: ("its symbolic links lead round in a circle", "correct the links"),
        EIO: ("the disk reports an error", "check the disk"),
        EMFILE: ("too many files are open", "raise the limit (ulimit -n)"),
        ENFILE: ("too many files are open on this machine", ""),
        ENOMEM: ("there is not enough memory", "close other programs, or raise the limit (ulimit -v)"),
        EBUSY: ("it is in use", ""),
        ETXTBSY: ("it is a program that is running", ""),
        EXDEV: ("it is on another file system", ""),
        ESTALE: ("the network file system has lost it", ""),
    ]

    private static let codes: [CocoaError.Code: Int32] = [
        .fileNoSuchFile: ENOENT, .fileReadNoSuchFile: ENOENT, .fileReadNoPermission: EACCES,
        .fileWriteNoPermission: EACCES, .fileWriteOutOfSpace: ENOSPC, .fileWriteFileExists: EEXIST,
        .fileWriteVolumeReadOnly: EROFS, .fileReadInvalidFileName: ENAMETOOLONG,
        .fileWriteInvalidFileName: ENAMETOOLONG, .fileReadTooLarge: EFBIG,
    ]
}

extension DataError {
    /// The failure of a call of the operating system or of Foundation at `path`: an input or output that went wrong.
    package static func system(_ error: any Error, at path: String) -> DataError {
        if let error = error as? DataError { return error }
        guard let problem = SystemProblem(error) else {
            return DataError(.inputOutput, path: path, problem: "the system reports: \(error.localizedDescription)")
        }
        return DataError(.inputOutput, path: path, problem: problem.reason, hint: problem.hint)
    }
}
