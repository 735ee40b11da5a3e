import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("Export and import: there and back")
struct ExportRoundTripTests {
    @Test(
        "weights come back from every format, in their order, whatever their number and extents",
        arguments: [ZooFormat.safetensors, .npz, .flatHDF5], [1, 3, 12])
    func weights(format: ZooFormat, count: Int) throws {
        let layout = testLayout(rows: count * count)
        let zoo = Zoo(header: ZooHeader(layout: layout), weights: formulaRows(count, layout.count))
        try withFolder { (folder: String) throws in
            try ZooWriter.write(zoo, to: "\(folder)/a.h5")
            _ = try ZooExport(format: format).write(ZooReader(path: "\(folder)/a.h5"), to: "\(folder)/x")
            let report = try ZooImport(layout: layout)
                .write(ZooSources().open("\(folder)/x"), root: "\(folder)/x", to: "\(folder)/b.h5")
            let back = try ZooReader(path: "\(folder)/b.h5").readAll()
            #expect(report.networks == count && back.weights == zoo.weights && back.buffers == nil)
        }
    }

    @Test("what the networks were trained on comes back", arguments: [ZooFormat.safetensors, .npz])
    func dataset(format: ZooFormat) throws {
        let layout = testLayout()
        for samples in [20, 20_000] {
            let split = ZooDataset.Split.indices(train: Array(0..<samples), validation: [], test: [])
            let dataset = ZooDataset(name: "digits", scale: [0.0625], shift: [-1], split: split, classes: ["a", "b"])
            let header = ZooHeader(layout: layout, dataset: dataset)
            let zoo = Zoo(header: header, weights: formulaRows(2, layout.count))
            try withFolder { (folder: String) throws in
                try ZooWriter.write(zoo, to: "\(folder)/a.h5")
                let export = try ZooExport(format: format).write(ZooReader(path: "\(folder)/a.h5"), to: "\(folder)/x")
                let report = try ZooImport(layout: layout)
                    .write(ZooSources().open("\(folder)/x"), root: "\(folder)/x", to: "\(folder)/b.h5")
                let back = try ZooReader(path: "\(folder)/b.h5").header.dataset
                let isCut = format == .safetensors && samples > 1000
                #expect(back?.scale == [0.0625] && back?.shift == [-1] && back?.classes == ["a", "b"])
                #expect(back?.split == (isCut ? nil : split))
                #expect(export.notes.contains { $0.hasPrefix("which samples") } == isCut)
                #expect(report.notes.contains { $0.contains("as the source has them: digits") })
            }
        }
    }

    @Test("checkpoints in safetensors come back as trajectories, with their running statistics")
    func trajectories() throws {
        let zoo = fullZoo()
        let trajectory = try #require(zoo.trajectory)
        try withFolder { (folder: String) throws in
            try ZooWriter.write(zoo, to: "\(folder)/a.h5")
            var work = ZooExport(format: .safetensors)
            work.checkpoints = true
            _ = try work.write(ZooReader(path: "\(folder)/a.h5"), to: "\(folder)/nets")
            let sources = ZooSources(pattern: try NamePattern("network-{network}_step-{step}.safetensors"))
            _ = try ZooImport(layout: zoo.layout)
                .write(sources.open("\(folder)/nets"), root: "\(folder)/nets", to: "\(folder)/b.h5")
            let reader = try ZooReader(path: "\(folder)/b.h5")
            let whole = try reader.readAll()
            #expect(reader.columns["network"] == .integer([0, 1, 2, 3, 4]))
            for network in 0..<zoo.count {
                let own = trajectory.select(rows: [network])
                let back = try #require(try reader.trajectory(network: network))
                // Network 3 has one checkpoint; what stands in the other's place means nothing.
                let present = own.steps.count { $0 >= 0 }
                #expect(back.steps == own.steps)
                #expect(back.weights.prefix(present * 11) == own.weights.prefix(present * 11))
                #expect(back.buffers?.prefix(present * 2) == own.buffers?.prefix(present * 2))
                #expect(Array(whole.row(network)) == Array(own.weights[(present - 1) * 11..<present * 11]))
            }
        }
    }

    @Test("a network that is listed twice is one file of safetensors, and two rows of a matrix")
    func twice() throws {
        try withFolder { (folder: String) throws in
            try ZooWriter.write(fullZoo(), to: "\(folder)/a.h5")
            let reader = try ZooReader(path: "\(folder)/a.h5")
            let files = try ZooExport(format: .safetensors, rows: [3, 1, 3]).write(reader, to: "\(folder)/nets")
            #expect(files.networks == 2 && files.files == 2)
            let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/nets")
            #expect(names.sorted() == ["network-1.safetensors", "network-3.safetensors"])
            let matrix = try ZooExport(format: .npz, rows: [3, 1, 3]).write(reader, to: "\(folder)/x.npz")
            #expect(try matrix.networks == 3 && ZooSources().open("\(folder)/x.npz").all().count == 3)
        }
    }

    @Test("a column that an archive has no name for is told of")
    func columnsLeftOut() throws {
        var columns = ZooColumns(count: 2)
        for name in ["buffers", "lr", "weights"] { columns[name] = .real([1, 2]) }
        let zoo = Zoo(header: ZooHeader(layout: testLayout()), weights: formulaRows(2, 11), columns: columns)
        try withFolder { (folder: String) throws in
            try ZooWriter.write(zoo, to: "\(folder)/a.h5")
            let report = try ZooExport(format: .npz).write(ZooReader(path: "\(folder)/a.h5"), to: "\(folder)/x.npz")
            #expect(report.notes.map { $0.prefix(20) } == ["the column weights w", "the column buffers w"])
            let networks = try ZooSources().open("\(folder)/x.npz").all()
            #expect(networks.map(\.facts) == [["lr": .real(1)], ["lr": .real(2)]])
        }
    }

    @Test("an exported zoo file has the bytes of a copy of the same networks")
    func copies() throws {
        try withFolder { (folder: String) throws in
            try ZooWriter.write(fullZoo(), to: "\(folder)/a.h5")
            let reader = try ZooReader(path: "\(folder)/a.h5")
            _ = try ZooExport(format: .zoo, rows: [4, 0, 2]).write(reader, to: "\(folder)/b.h5")
            try reader.copy(rows: [4, 0, 2], to: "\(folder)/c.h5")
            #expect(try bytes("\(folder)/b.h5") == bytes("\(folder)/c.h5"))
        }
    }
}
