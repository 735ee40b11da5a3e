/// A data set that the catalogue knows by name: where it may lie, what it must be, whose it is.
struct KnownDataset: Sendable {
    /// A file of the data set.
    struct File: Sendable {
        /// Name below the data set's folder; a `.gz` of it is as good.
        let name: String
        /// Other names that people and mirrors give it.
        var otherNames: [String] = []
        /// SHA-256 of the uncompressed bytes; nil when any content will do.
        let sha256: String?
    }

    /// How the files are to be understood.
    enum Format: Sendable {
        /// One file of numbers with the class last, with or without a first line that is none of them.
        case csv(hasHeader: Bool)
        /// Files of numbers, some missing, of which the first ones of each line are features and the last is above 0
        /// for the second of two classes. In the features `zeroIsMissing` a 0 stands for a value that nobody recorded.
        case records(features: Int, zeroIsMissing: [Int] = [])
        /// Four IDX files: training images and labels, test images and labels.
        case idx

        /// Whether the files of other data sets have the same names.
        var hasCommonNames: Bool { if case .idx = self { true } else { false } }
    }

    let name: String
    let summary: String
    let licence: String
    let format: Format
    let sampleShape: [Int]
    let preparation: Preparation
    /// Folders below a search folder in which the files may lie, in order.
    let folders: [String]
    let files: [File]
    /// What to do when it is not there.
    let hint: String
    /// The accuracy that small networks trained on it reach at least, a fraction; less is a sign of other inputs than
    /// they were trained on.
    var usualAccuracy: Double?
}

extension KnownDataset {
    /// All of them, by name.
    static let all = [digits, fashionMNIST, iris, mnist, heart, shiftedHeart] + hospitals

    private static let digits = KnownDataset(
        name: "digits", summary: "1,797 handwritten digits of 8x8 pixels, 10 classes",
        licence: "CC BY 4.0 (Alpaydin and Kaynak, UCI Machine Learning Repository, 1998)",
        format: .csv(hasHeader: false),
        sampleShape: [8, 8], preparation: .sixteenths, folders: ["digits", "."],
        files: [
            File(
                name: "digits.csv", sha256: "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8")
        ],
        hint: "it is part of the checkout: Datasets/digits/digits.csv.gz", usualAccuracy: 0.8)

    private static let fashionMNIST = KnownDataset(
        name: "fashion-mnist", summary: "60,000 + 10,000 articles of clothing of 28x28 pixels, 10 classes",
        licence: "MIT (Zalando SE, 2017)", format: .idx, sampleShape: [28, 28], preparation: .unitBytes,
        folders: ["fashion-mnist", "FashionMNIST/raw", "FashionMNIST", "."],
        files: idxFiles([
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        ]), hint: "Scripts/fetch-data fashion-mnist", usualAccuracy: 0.7)

    private static let mnist = KnownDataset(
        name: "mnist", summary: "60,000 + 10,000 handwritten digits of 28x28 pixels, 10 classes",
        licence: "usually given as CC BY-SA 3.0 (LeCun, Cortes, Burges)", format: .idx, sampleShape: [28, 28],
        preparation: .unitBytes, folders: ["mnist", "MNIST/raw", "MNIST", "."],
        files: idxFiles([
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ]), hint: "Scripts/fetch-data mnist", usualAccuracy: 0.85)

    private static let iris = KnownDataset(
        name: "iris", summary: "150 iris flowers, 4 measures, 3 species",
        licence: "CC BY 4.0 (Fisher, 1936; UCI Machine Learning Repository)", format: .csv(hasHeader: true),
        sampleShape: [4], preparation: .identity, folders: ["iris", "."],
        files: [File(name: "iris.csv", sha256: "f13ffa8fdd56fd8e6c8d16d4081a3fbd3114bcd0aae4256c43205169cd9d1449")],
        hint: "it is part of the checkout: Datasets/iris/iris.csv", usualAccuracy: 0.8)

    private static let heart = heart(
        "uci-heart", "597 patients of Cleveland and Budapest, 9 findings, heart disease or none",
        files: [
            ("cleveland", "a74b7efa387bc9d108d7d0115d831fe9b414b29ae7124f331b622b4efa0427c8"),
            ("hungarian", "d1ad108f785768cd3d7e82dc522e6f5a61eea93cccfb3a46ee8076f73fc3d796"),
        ])

    private static let shiftedHeart = heart(
        "uci-heart-shifted", "323 patients of Switzerland and Long Beach, the findings of uci-heart",
        files: [
            ("switzerland", "834a405ccf5b66ab4056bb77794adc8df0b7125186454c0a1d002d33c6c3b314"),
            ("va", "e7c93d8d0d2acdadfa4c5e8de768e2191e7f618b952e29623f1f0d5949ff6b8f"),
        ])

    /// Each hospital by itself, with the ST depression as the tenth finding; the last three columns are left out, as
    /// Budapest lacks them in 65, 99 and 90 rows of a hundred.
    private static let hospitals = [
        ("cleveland", 303, "Cleveland", "a74b7efa387bc9d108d7d0115d831fe9b414b29ae7124f331b622b4efa0427c8"),
        ("hungarian", 294, "Budapest", "d1ad108f785768cd3d7e82dc522e6f5a61eea93cccfb3a46ee8076f73fc3d796"),
        ("switzerland", 123, "Zurich and Basel", "834a405ccf5b66ab4056bb77794adc8df0b7125186454c0a1d002d33c6c3b314"),
        ("va", 200, "Long Beach", "e7c93d8d0d2acdadfa4c5e8de768e2191e7f618b952e29623f1f0d5949ff6b8f"),
    ].map { file, patients, place, sum in
        heart(
            "uci-heart-\(file)", "\(patients) patients of \(place), 10 findings, heart disease or none",
            files: [(file, sum)], features: 10)
    }

    /// Column 4 is serum cholesterol: hospitals that did not measure it wrote 0, which no living patient has. Cleveland
    /// and Budapest have no such row.
    private static func heart(
        _ name: String, _ summary: String, files: [(String, String)], features: Int = 9
    ) -> KnownDataset {
        KnownDataset(
            name: name, summary: summary,
            licence: "CC BY 4.0 (Janosi, Steinbrunn, Pfisterer, Detrano; UCI Machine Learning Repository, 1988)",
            format: .records(features: features, zeroIsMissing: [4]), sampleShape: [features],
            preparation: .identity, folders: ["uci-heart", "."],
            files: files.map { File(name: "processed.\($0.0).data", sha256: $0.1) },
            hint: "it is part of the checkout: Datasets/uci-heart", usualAccuracy: 0.65)
    }

    /// The four files of the MNIST family, in the order in which they are read; sums in the same order.
    static func idxFiles(_ sums: [String?]) -> [File] {
        let names = [
            "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte",
        ]
        return zip(names, sums).map { File(name: $0, otherNames: IDXName.others($0), sha256: $1) }
    }
}

/// The names that IDX files go by.
enum IDXName {
    /// Other names of a file of the MNIST family: with a dot before its type, in a folder of its own name (as some
    /// mirrors unpack it), or with `test` for `t10k`.
    static func others(_ name: String) -> [String] {
        let tests = name.hasPrefix("t10k") ? ["test" + name.dropFirst(4)] : []
        return ([name] + tests).flatMap { base in
            let dotted = dotted(base)
            let plain = [base, dotted, base.replacing("-", with: "_"), dotted + ".idx", base + ".idx"]
            return plain + plain.prefix(2).flatMap { ["\(base)/\($0)", "\(dotted)/\($0)"] }
        }.filter { $0 != name }
    }

    /// Where the labels of images may lie, the likeliest first; nil where the path is not that of IDX images.
    static func labels(of path: String) -> [String]? {
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        let name = path.dropFirst(folder.count)
        guard name.contains("images"), name.contains("idx3") else { return nil }
        let other = name.replacing("images", with: "labels").replacing("idx3", with: "idx1")
        let plain = other.hasSuffix(".gz") ? other.dropLast(3) : other[...]
        return [String(folder + other)]
            + ["", ".gz"].map { String(folder + plain + $0) }.filter { $0 != folder + other }
    }

    /// `train-images.idx3-ubyte` for `train-images-idx3-ubyte`.
    private static func dotted(_ name: String) -> String { name.replacing("-idx", with: ".idx") }
}
