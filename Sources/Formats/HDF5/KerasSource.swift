import ModelZoo
/// One network in a Keras HDF5 file; TensorFlow's names and orders of axes become PyTorch's.
struct KerasSource: ZooSource {
    let format = ZooFormat.keras
    let path: String

    func forEach(_ body: (ForeignNetwork) throws -> Void) throws {
        let file = try HDF5File.openForeign(path)
        let config = try file.text(attribute: "model_config") ?? ""
        var axes = TensorFlowAxes(channelsFirst: config.contains("channels_first"))
        var tensors: [ForeignTensor] = []
        for variable in try KerasVariables.list(file) {
            tensors.append(axes.convert(try file.foreignTensor(variable.dataset, name: variable.name)))
        }
        try body(ForeignNetwork(tensors: tensors, place: path))
    }
}
