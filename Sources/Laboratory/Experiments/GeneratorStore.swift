import Foundation
import Generation
import ModelZoo
import Networks
import Tensors

/// A trained generator on disk: the folder `generator/` of a run.
///
/// Weights are rows of zoo files (checksummed, readable with any HDF5 tool): `velocity.h5` holds the velocity net's final
/// weights and, where kept, their average; `coordinates.h5` the mean, then the components. `generator.json` says the rest.
struct GeneratorStore {
    let folder: URL

    /// What `generator.json` says.
    struct Description: Codable {
        var format = "weightspace-generator"
        var version = 1
        var coordinates: CoordinatesConfig
        var dimension: Int
        var parameterCount: Int
        var variances: [Double]
        var capturedVariance: Double
        var net: FlowMLP.Config
        var sourceStd: Double
        var solver: Solver.Method
        var steps: Int
        var usesAverage: Bool
        var divergedAtStep: Int?

        /// Whether every number is in the range that its part demands: the file may be anybody's.
        var isPossible: Bool {
            let widths = net.hidden + [net.timeWidth, dimension, parameterCount]
            return widths.allSatisfy { $0 > 0 && $0 < 1 << 31 } && net.hidden.count >= 1 && net.hidden.count <= 64
                && net.dropout >= 0 && net.dropout < 1 && sourceStd > 0 && sourceStd.isFinite && steps >= 1
        }
    }

    func write(
        _ generator: Generator, coordinates: CoordinatesConfig, net: FlowMLP.Config, usesAverage: Bool, divergedAt: Int?
    ) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let principal = generator.coordinates as? PrincipalCoordinates
        let description = Description(
            coordinates: coordinates, dimension: generator.coordinates.dimension,
            parameterCount: generator.coordinates.parameterCount, variances: principal?.variances ?? [],
            capturedVariance: principal?.capturedVariance ?? 1, net: net, sourceStd: generator.source.std,
            solver: generator.solver.method, steps: generator.solver.steps, usesAverage: usesAverage,
            divergedAtStep: divergedAt)
        let velocity = Zoo(header: ZooHeader(layout: generator.net.layout), weights: generator.parameters.floats)
        try ZooWriter.write(velocity, to: folder.appendingPathComponent("velocity.h5").path)
        if let principal {
            let rows = Tensor.concatenate([principal.mean.reshaped([1, -1]), principal.components], axis: 0)
            let layout = ParameterLayout(slots: [
                Slot(name: "weights", offset: 0, shape: [principal.parameterCount], role: .weight)
            ])
            let zoo = Zoo(header: ZooHeader(layout: layout), weights: rows.floats)
            try ZooWriter.write(zoo, to: folder.appendingPathComponent("coordinates.h5").path)
        }
        let json = try JSONValue(encoding: description).text(pretty: true) + "\n"
        try AtomicFile.write(json, to: folder.appendingPathComponent("generator.json"))
    }

    func read() throws -> (generator: Generator, description: Description) {
        let file = folder.appendingPathComponent("generator.json")
        guard let data = try? Data(contentsOf: file) else {
            throw DataError(
                .missing, path: file.path, expected: "a trained generator", found: "none",
                hint: "RUN is a folder that `weightspace run` made, and that has come past training")
        }
        let description: Description
        do {
            description = try JSONDecoder().decode(Description.self, from: data)
        } catch {
            throw DataError(.malformed, path: file.path, expected: "a generator's description", found: "\(error)")
        }
        guard description.isPossible else {
            throw DataError(
                .malformed, path: file.path, expected: "a generator that can be", found: "widths, counts or deviations out of range")
        }
        let net = FlowMLP(dimension: description.dimension, config: description.net)
        let velocity = try ZooReader(path: folder.appendingPathComponent("velocity.h5").path).readAll()
        guard velocity.layout.matches(net.layout) else {
            throw DataError(
                .malformed, path: folder.path, expected: "a velocity net of \(net.layout.count) weights",
                found: "\(velocity.layout.count)")
        }
        let generator = Generator(
            coordinates: try coordinates(description), net: net,
            parameters: velocity.population([0]).reshaped([net.layout.count]),
            source: GaussianSource(std: description.sourceStd),
            solver: Solver(description.solver, steps: description.steps))
        return (generator, description)
    }

    private func coordinates(_ description: Description) throws -> any Coordinates {
        guard case .pca = description.coordinates else {
            return RawCoordinates(parameterCount: description.parameterCount)
        }
        let rows = try ZooReader(path: folder.appendingPathComponent("coordinates.h5").path).readAll()
        guard rows.count == description.dimension + 1, rows.layout.count == description.parameterCount,
            description.variances.count == description.dimension
        else {
            throw DataError(
                .malformed, path: folder.path,
                expected: "a mean and \(description.dimension) components of \(description.parameterCount) weights",
                found: "\(rows.count) rows of \(rows.layout.count)")
        }
        let all = rows.population()
        return PrincipalCoordinates(
            mean: all.selected(axis: 0, 0), components: all.sliced(axis: 0, 1..<rows.count),
            variances: description.variances, capturedVariance: description.capturedVariance)
    }
}
