import Foundation

extension RunFolder {
    /// The nearest folder at or above a place that is there.
    static func firstThere(_ url: URL) -> URL {
        var place = url.standardizedFileURL
        while place.path != "/", !FileManager.default.fileExists(atPath: place.path) {
            place = place.deletingLastPathComponent()
        }
        return place
    }

    /// Removes what this run has written where it is new and completed no stage, and the folders above that were made for
    /// it and are empty: a failure in the first stage leaves nothing.
    func discardIfNothingDone() {
        guard isNew, hasDoneNothing else { return }
        rmdir(file("zoos").path)
        let ours: Set = ["config.resolved.yaml", "environment.json", "stages.json", ".lock"]
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: url.path), ours.isSuperset(of: names)
        else { return }
        // The lock goes last: until then nobody else can begin here.
        for name in names.sorted().reversed() { unlink(file(name).path) }
        var place = url.standardizedFileURL
        while place.path != oldest.path, place.path != "/", rmdir(place.path) == 0 {
            place = place.deletingLastPathComponent()
        }
    }
}
