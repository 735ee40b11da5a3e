import Testing
import ZooTestSupport

@testable import Formats

@Suite("Networks as they compute")
struct PlainSourceTests {
    private func tensor(_ name: String, _ shape: [Int], _ element: ForeignElement = .float32) -> ForeignTensor {
        let count = shape.reduce(1, *)
        return ForeignTensor(
            name: name, shape: shape,
            values: ForeignValues(bytes: [UInt8](repeating: 1, count: count * element.byteCount), element: element))
    }

    private func plain(_ tensors: [ForeignTensor]) throws -> ForeignNetwork {
        try ForeignNetwork(tensors: tensors, place: "/there").plain()
    }

    @Test("counters of averages go without a word, and the wrapper behind them; those of batches stay")
    func counters() throws {
        let network = try plain([
            tensor("n_averaged", [], .int64), tensor("module.0.weight", [2, 2]),
            tensor("module.1.num_batches_tracked", [], .int64), tensor("module.1.weight", [2]),
        ])
        #expect(
            network.tensors.map(\.name) == ["0.weight", "1.num_batches_tracked", "1.weight"] && network.notes == [])
    }

    @Test("what metrics count is passed over and named; weights of such shapes are not")
    func metrics() throws {
        let network = try plain([
            tensor("net.weight", [2, 2]), tensor("acc.tp", [10], .int64), tensor("acc.confmat", [3, 3], .int64),
            tensor("loss.mean_value", []), tensor("loss.weight", []), tensor("total", [], .int64),
            tensor("seen", [1], .int32), tensor("logit_scale", []), tensor("other.weight", []),
        ])
        #expect(network.tensors.map(\.name) == ["net.weight", "logit_scale", "other.weight"])
        #expect(
            network.notes == [
                "counters and metrics are no weights and were passed over: acc.tp, acc.confmat, loss.mean_value, "
                    + "loss.weight, total and 1 more"
            ])
        // A table of whole numbers that nobody knows is still the importer's to judge.
        #expect(try plain([tensor("w", [2]), tensor("position_ids", [4], .int64)]).tensors.count == 2)
    }

    @Test(
        "quantised weights are refused as such, whoever packed them",
        arguments: [
            ("h.0.qweight", [4, 4], .int32), ("fc.weight", [4, 4], .int8), ("fc.weight.absmax", [4], .float32),
            ("fc.weight.quant_state.bitsandbytes__nf4", [8], .uint8), ("fc.SCB", [4], .float32),
            ("fc._packed_params", [4], .uint8), ("fc.zero_point", [], .int64), ("fc.weight_packed", [2, 2], .int32),
            ("d/kernel", [2, 2], .uint8),
        ] as [(String, [Int], ForeignElement)])
    func quantised(name: String, shape: [Int], element: ForeignElement) {
        let error = dataError {
            _ = try plain([tensor("a", [2]), tensor(name.replacing("/", with: "."), shape, element)])
        }
        #expect(error?.found.hasPrefix("quantised ones") == true && error?.hint.contains("before it was") == true)
    }

    @Test(
        "averages beside the weights are passed over, however their prefix is put",
        arguments: [
            (
                ["initted", "step", "online_model.a.w", "online_model.a.b", "ema_model.a.w", "ema_model.a.b"],
                "ema_model"
            ),
            (["model.a.w", "model.a.b", "model_ema.aw", "model_ema.ab"], "model_ema"),
            (["a.w", "a.b", "ema_a_w", "ema_a_b"], "ema"),
            (["g.a.w", "g.a.b", "d.c", "g_ema.a.w", "g_ema.a.b"], "g_ema"),
        ])
    func averages(names: [String], key: String) throws {
        let counters = ["initted", "step"]
        let tensors = names.map {
            tensor($0, counters.contains($0) ? [] : [2], counters.contains($0) ? .bool : .float32)
        }
        let network = try plain(tensors)
        #expect(network.tensors.allSatisfy { !$0.name.contains("ema") } && network.tensors.count >= 2)
        #expect(network.notes.contains { $0.contains("--key \(key) takes those") }, "\(network.notes)")
        let chosen = try ForeignNetwork(tensors: tensors).under(key).plain()
        #expect(chosen.tensors.count == 2)
    }

    @Test("what PyTorch stores in parts, averages and shared tensors are what PyTorch computes with")
    func fixtures() throws {
        for name in ["parts", "averages", "shared"].map({ "stored-\($0).safetensors" }) {
            let network = try ZooSources().open(formatFixture(name)).all()[0]
            let wanted = try expected(name)[0]
            #expect(
                network.tensors.map(\.name) == wanted.map(\.name) && network.tensors.map(\.shape) == wanted.map(\.shape)
            )
            for (tensor, other) in zip(network.tensors, wanted) {
                #expect(zip(tensor.values.floats(), other.data).allSatisfy { abs($0 - $1) < 1e-6 }, "\(tensor.name)")
            }
        }
    }

    @Test("averages alone are the network; modules that are only called so stay")
    func averagesAlone() throws {
        let alone = try plain([tensor("ema_model.a.w", [2]), tensor("ema_model.a.b", [2]), tensor("step", [], .int64)])
        #expect(alone.tensors.map(\.name) == ["a.w", "a.b"] && alone.notes.count == 2)
        let module = try plain([tensor("ema.alpha", [3]), tensor("head.w", [2])])
        #expect(module.tensors.count == 2 && module.notes == [])
        let error = dataError { _ = try ForeignNetwork(tensors: [tensor("a.w", [2])]).under("b") }
        #expect(error?.kind == .missing && error?.found == "a")
    }
}
