extension DatasetCatalog {
    /// One entry for each known data set, by name; never throws, problems are entries too.
    ///
    /// `verifying` reads every file that is there (about a second for MNIST); without it nothing is read.
    public func listing(verifying: Bool = true) -> [DatasetListing] {
        known.map { dataset in
            switch find(dataset) {
            case .absent: return entry(dataset, .absent, problem: "not found")
            case .incomplete(let folder, let absent):
                let problem = "no \(absent.joined(separator: ", no "))"
                return entry(dataset, .incomplete, folder: folder, problem: problem)
            case .found(let folder, _):
                guard verifying else { return entry(dataset, .unchecked, folder: folder) }
                do {
                    return entry(dataset, .verified, folder: folder, files: try load(dataset.name).files)
                } catch {
                    return entry(dataset, .damaged, folder: folder, problem: "\(error)")
                }
            }
        }
    }

    private func entry(
        _ dataset: KnownDataset, _ state: DatasetListing.State, folder: String? = nil, files: [SourceFile] = [],
        problem: String? = nil
    ) -> DatasetListing {
        DatasetListing(
            name: dataset.name, summary: dataset.summary, licence: dataset.licence, state: state, folder: folder,
            files: files, searched: places(of: dataset), problem: problem,
            hint: problem == nil ? nil : dataset.hint)
    }
}
