import Foundation

/// Folders in which what came with the program may lie: its own and those above it, so that a checkout's data sets and
/// experiments are found from any folder.
package enum ProgramFolders {
    /// The folder of the running program and all above it, links resolved.
    package static var aboveProgram: [URL] {
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        guard program.path != "/proc/self/exe" else { return [] }
        return above(program.deletingLastPathComponent().path)
    }

    /// A folder and all above it.
    package static func above(_ path: String) -> [URL] {
        var folders: [URL] = []
        var folder = URL(fileURLWithPath: path, isDirectory: true).standardizedFileURL
        while true {
            folders.append(folder)
            let next = folder.deletingLastPathComponent().standardizedFileURL
            if next.path == folder.path || folder.path == "/" { return folders }
            folder = next
        }
    }
}
