import ModelZoo
import Basics
import Foundation

extension ZooFormat {
    /// What a file of a folder is to one who looks for networks.
    enum Content {
        /// It begins as files of networks do.
        case networks
        /// It is a checkpoint without a network: settings, an optimizer's state, random generators.
        case noNetwork
        /// It is something else: a table, a picture, settings, an archive of other things.
        case unknown
    }

    /// Endings that nothing but files of networks have.
    private static let ownExtensions: Set<String> = ["safetensors", "pt", "pth", "npy", "npz", "h5", "hdf5"]
    /// Endings that files of networks have, and others too.
    private static let sharedExtensions: Set<String> = ["ckpt", "bin", "pkl"]

    /// Whether a file is named as those of networks are.
    static func hasExtension(_ path: String) -> Bool {
        let ending = pathExtension(path)
        return ownExtensions.contains(ending) || sharedExtensions.contains(ending)
    }

    private static func pathExtension(_ path: String) -> String {
        URL(fileURLWithPath: path).pathExtension.lowercased()
    }

    /// What a file of a folder is, by its beginning; of a checkpoint its pickle is read, and no numbers.
    ///
    /// Throws `DataError` for what must not be passed over: a file of networks that is damaged, empty or unreadable.
    static func content(of path: String) throws -> Content {
        do {
            let file = try RegularFile(path: path)
            if file.count == 0 {
                guard !hasExtension(path) else { throw unknown(file) }
                return .unknown
            }
            switch try beginning(of: file) {
            case .format(.torch):
                return try TorchNetworkFinder.isNetwork(in: try TorchFile(path: path)) ? .networks : .noNetwork
            case .format: return .networks
            case .archive: return .unknown
            case .other: break
            }
            if (try? HDF5Signature.check(path)) != nil { return .networks }
            guard !ownExtensions.contains(pathExtension(path)) else { throw unknown(file) }
            return .unknown
        } catch let error as DataError {
            // What cannot even be opened, such as a broken link, counts where its name is one of a network.
            guard error.kind == .malformed || hasExtension(path) else { return .unknown }
            throw DataError(
                error.kind, path: error.path, expected: error.expected, found: error.found,
                hint: error.hint + (error.hint.isEmpty ? "" : "; ") + "--pattern says which files of a folder to read")
        }
    }
}
