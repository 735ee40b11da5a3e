/// A data set that the catalogue knows by name: where it may lie, what it must be, whose it is.
struct KnownDataset: Sendable {
    /// A file of the data set.
    struct File: Sendable {
        /// Name below the data set's folder; a `.gz` of it is as good.
        let name: String
        /// SHA-256 of the uncompressed bytes; nil when any content will do.
        let sha256: String?
    }

    /// How the files are to be understood.
    enum Format: Sendable {
        /// One file of numbers with the class last.
        case csv
        /// Four IDX files: training images and labels, test images and labels.
        case idx
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
}

extension KnownDataset {
    /// All of them, by name.
    static let all = [digits, fashionMNIST, mnist]

    private static let digits = KnownDataset(
        name: "digits", summary: "1,797 handwritten digits of 8x8 pixels, 10 classes",
        licence: "CC BY 4.0 (Alpaydin and Kaynak, UCI Machine Learning Repository, 1998)", format: .csv,
        sampleShape: [8, 8], preparation: .sixteenths, folders: ["digits", "."],
        files: [
            File(
                name: "digits.csv", sha256: "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8")
        ],
        hint: "it is part of the checkout: Datasets/digits/digits.csv.gz")

    private static let fashionMNIST = KnownDataset(
        name: "fashion-mnist", summary: "60,000 + 10,000 articles of clothing of 28x28 pixels, 10 classes",
        licence: "MIT (Zalando SE, 2017)", format: .idx, sampleShape: [28, 28], preparation: .unitBytes,
        folders: ["fashion-mnist", "FashionMNIST/raw"],
        files: idxFiles([
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        ]), hint: "Scripts/fetch-data fashion-mnist")

    private static let mnist = KnownDataset(
        name: "mnist", summary: "60,000 + 10,000 handwritten digits of 28x28 pixels, 10 classes",
        licence: "usually given as CC BY-SA 3.0 (LeCun, Cortes, Burges)", format: .idx, sampleShape: [28, 28],
        preparation: .unitBytes, folders: ["mnist", "MNIST/raw"],
        files: idxFiles([
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ]), hint: "Scripts/fetch-data mnist")

    /// The four files of the MNIST family, in the order in which they are read; sums in the same order.
    static func idxFiles(_ sums: [String?]) -> [File] {
        let names = [
            "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte",
        ]
        return zip(names, sums).map { File(name: $0, sha256: $1) }
    }
}
