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
        /// Classes that a task tells apart, in an order of outputs that is drawn for it; 0 is the one task of all classes.
        public var classes = 0
        /// Data sets to take classes from; none is `dataset.name`.
        public var datasets: [String] = []
        /// Training tasks of each data set; 0 is one of every combination of classes and view. More than there are of
        /// these are the same ones again with their outputs in another order.
        public var count = 0
        /// Training rows of a class, drawn for each task, and as many for validation at most; 0 is all.
        public var samples = 0
        /// Combinations of seen classes of each data set that are new tasks: all their networks are fresh (split 2, `test`).
        public var new = 0
        /// Combinations of seen classes of each data set that choose settings: all their networks are validation networks.
        public var validation = 0
        /// Classes of each data set that no training task has; new tasks are made of as many of them as they can hold.
        public var newClasses = 0
        /// Classes of each data set that only validation tasks have, made of as many of them as they can hold: what is worse
        /// for their networks is likely worse for those of new classes.
        public var validationClasses = 0
        /// Tasks of each kind that is not for training, of each data set, at most; 0 is all.
        public var most = 0
        /// Quarter turns of the images against the clock, a task each.
        public var turns = [0]
        /// Whether there are tasks of mirrored images beside those of others.
        public var mirrored = false
        /// Whether there are tasks of images with dark and light exchanged beside those of others.
        public var inverted = false
        /// Whether each class of a training task has a view of its own, drawn for the task: a turned class is another class,
        /// and there are far more of them. Tasks that are not for training keep one view for all of their classes.
        public var mixed = false
        /// Key of the drawing.
        public var seed = 0

        /// Every way in which images are looked at.
        var views: [ImageView] { ImageView.all(turns: turns, mirrored: mirrored, inverted: inverted) }

        /// One task of all classes.
        public init() {}
    }

    /// Whether there are networks that choose settings: some of each task, or those of validation tasks.
    package var hasValidationNetworks: Bool {
        networks.validation > 0 || tasks.classes > 0 && tasks.validation + tasks.validationClasses > 0
    }
}
