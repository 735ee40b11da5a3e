"""Which room may import which, and which circles of folders are the nature of the thing. The design's section 2."""

# Room to what it may import: rooms below it, and system libraries behind shims.
NETWORKS = {"Basics", "Tensors", "Networks"}
MODEL_ZOO = NETWORKS | {"ModelZoo", "Ranks"}
ABOVE_NETWORKS = NETWORKS | {"Generation", "Evaluation"}
ROOMS = {
    "CKernels": set(),
    "Basics": set(),
    "Ranks": {"Basics", "CMPI"},
    "Tensors": {"CKernels", "COpenBLAS"},
    "Networks": {"Basics", "Tensors"},
    "ModelZoo": NETWORKS | {"Ranks", "CHDF5", "CZlib", "CCrypto"},
    "Formats": MODEL_ZOO | {"CZlib"},
    "Generation": NETWORKS,
    "Evaluation": NETWORKS,
    "ShiftDetection": ABOVE_NETWORKS,
    "Reports": NETWORKS | {"Evaluation"},
    "Laboratory": MODEL_ZOO | ABOVE_NETWORKS | {"Formats", "ShiftDetection", "Reports"},
    "weightspace": MODEL_ZOO | ABOVE_NETWORKS | {"Formats", "ShiftDetection", "Reports", "Laboratory"},
}
SYSTEM = {"COpenBLAS", "CHDF5", "CZlib", "CCrypto", "CMPI"}
# Packages, and the system's own modules; None is every Swift room.
OUTSIDE = {
    "Foundation": None, "Glibc": None, "Synchronization": None,
    "Yams": {"Laboratory"}, "ArgumentParser": {"weightspace"},
}
# Room to arrows between folders that are not counted.
BY_NATURE = {
    # An operation records itself as a node; its derivative is written with the same operations.
    "Tensors": {("Operations", "Differentiation")},
}
