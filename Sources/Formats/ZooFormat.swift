/// The kinds of files and folders that populations come in; the raw value is the name on the command line.
public enum ZooFormat: String, Sendable, Hashable, CaseIterable {
    /// Our own zoo file.
    case zoo
    /// HDF5 with one matrix (n, p), one network a row.
    case flatHDF5 = "flat-hdf5"
    /// Keras' HDF5 files, one network each.
    case keras
    /// A Ray Tune directory: runs with `params.json`, `result.json` and checkpoints.
    case rayTune = "ray-tune"
    /// PyTorch's checkpoints, zip or legacy.
    case torch
    /// safetensors, one network a file.
    case safetensors
    /// One NumPy array (n, p), one network a row.
    case npy
    /// A ZIP file of NumPy arrays: one network, or a matrix of networks.
    case npz
    /// A folder of files of the kinds above.
    case folder
}
