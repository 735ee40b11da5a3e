import Networks
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Zoo file: running statistics of checkpoints")
struct TrajectoryBufferTests {
    /// A network with two checkpoints, the second of step `step` and with `value` among its statistics.
    private func zoo(_ value: Float, step: Int64) -> Zoo {
        let layout = testLayout(buffers: true)
        return Zoo(
            header: ZooHeader(layout: layout), weights: formulaRows(1, layout.count), buffers: [1, 2],
            trajectory: ZooTrajectory(
                checkpoints: 2, steps: [0, step], weights: formulaRows(2, layout.count), buffers: [1, 2, 3, value]))
    }

    @Test("one that is not finite is not written with a checkpoint that is there", arguments: [Float.nan, .infinity])
    func unwritable(value: Float) throws {
        try withFolder { (folder: String) throws in
            let path = "\(folder)/z.h5"
            let error = dataError { try ZooWriter.write(zoo(value, step: 5), to: path) }
            #expect(error?.kind == .malformed && error?.path == "\(path):/trajectory_buffers")
            #expect(error?.found == "\(value) in network 0, slot m")
            try ZooWriter.write(zoo(value, step: -1), to: path)
            #expect(try ZooReader(path: path).trajectory(network: 0)?.steps == [0, -1])
        }
    }

    @Test("one that is not finite names its network, slot and checkpoint when read, and is a finding")
    func unreadable() throws {
        try withFolder { (folder: String) throws in
            let file = try HDF5File.create("\(folder)/z.h5")
            try ZooHeader(layout: testLayout(buffers: true)).write(to: file)
            try file.write(formulaRows(2, 11), shape: [2, 11], as: "/weights")
            try file.write(formulaRows(4, 11), shape: [2, 2, 11], as: "/trajectory")
            try file.write([1, 2, 3, 4, 5, 6, .infinity, 8] as [Float], shape: [2, 2, 2], as: "/trajectory_buffers")
            try file.close()
            let reader = try ZooReader(path: "\(folder)/z.h5")
            #expect(try reader.trajectory(network: 0)?.buffers == [1, 2, 3, 4])
            let error = dataError { _ = try reader.trajectory(network: 1) }
            #expect(error?.path.hasSuffix(":/trajectory_buffers") == true)
            #expect(error?.found == "inf in network 1, slot m of checkpoint 1")
            let found = try ZooVerifier(catalog: .init(folders: [])).verify(reader)
            #expect(found.bad == [1] && found.findings.map(\.kind) == [.trajectories])
        }
    }
}
