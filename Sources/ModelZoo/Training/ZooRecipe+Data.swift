extension ZooRecipe {
    /// Where inputs and labels come from.
    public struct Data: Codable, Sendable, Equatable {
        /// What is done about cells without a value.
        public enum Missing: String, Codable, Sendable, CaseIterable {
            /// They are an error.
            case refuse
            /// They get the feature's mean over the training rows.
            case mean
        }

        /// Name of a data set, or path of a CSV file.
        public var name = "digits"
        /// Of a table, the column that holds the class: its name, `first`, `last`, or its place counted from 1; nil finds
        /// it by a usual name, else at the end or the beginning.
        public var label: String?
        /// Inputs are raw * scale + shift; nil without a shift is the usual preparation of a known data set, and a file's
        /// values as they are.
        public var scale: PerFeature?
        /// Inputs are raw * scale + shift.
        public var shift: PerFeature = 0
        /// With `std`, in place of a shift: inputs are (raw / 255 - mean) / std, torchvision's Normalize, or
        /// (raw * scale - mean) / std.
        public var mean: PerFeature?
        /// See `mean`.
        public var std: PerFeature?
        /// Whether every feature gets mean 0 and deviation 1 over the training rows, in place of scale and shift.
        public var standardize = false
        /// What is done about cells without a value.
        public var missing = Missing.refuse
        /// Share of each class for validation, or of the official training part.
        public var validation = 0.2
        /// Share of each class for testing; 0 takes the official test part.
        public var test = 0.2
        /// Key of the division.
        public var seed = 0

        /// The digits, with a fifth of each class for validation and a fifth for testing.
        public init() {}
    }

    /// Many small tasks: each tells some of the data's classes apart.
    public struct Tasks: Codable, Sendable, Equatable {
        /// Classes that a task tells apart; 0 is the one task of all classes.
        public var classes = 0
        /// Data sets to take classes from; none is `dataset.name`.
        public var datasets: [String] = []
        /// Tasks of each data set, drawn from all combinations of classes; 0 is all.
        public var count = 0
        /// Training rows of a class, drawn for each task, and as many for validation at most; 0 is all.
        public var samples = 0
        /// New tasks of each data set: all their networks are fresh (split 2, `test`).
        public var new = 0
        /// Key of the drawing.
        public var seed = 0

        /// One task of all classes.
        public init() {}
    }
}
