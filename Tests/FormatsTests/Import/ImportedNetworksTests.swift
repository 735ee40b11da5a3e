import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import Formats
@testable import ModelZoo

@Suite("Imports into memory")
struct ImportedNetworksTests {
    @Test("networks in memory are those that would stand in the file, columns too, and so are the notes")
    func sameAsFile() throws {
        let networks = (0..<3).map { smallNetwork(Float($0), prefix: "module.", facts: ["seed": .integer($0 + 5)]) }
        let work = ZooImport(architecture: smallArchitecture)
        try withFolder { folder in
            let report = try work.write(ListSource(networks: networks), root: "/there", to: "\(folder)/z.h5")
            let file = try ZooReader(path: "\(folder)/z.h5").readAll()
            let (zoo, other) = try work.read(ListSource(networks: networks), root: "/there")
            #expect(zoo.weights == file.weights && zoo.buffers == file.buffers && zoo.count == 3)
            #expect(zoo.columns["seed"] == file.columns["seed"] && zoo.header.architecture == file.header.architecture)
            #expect(other == report)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["z.h5"])
        }
    }

    @Test("of a run only its last checkpoint is kept")
    func lastCheckpoint() throws {
        var source = ListSource(
            networks: (0..<3).map { step in
                var network = smallNetwork(Float(step))
                (network.run, network.step) = ("run", step)
                return network
            })
        source.longestRun = 3
        let (zoo, report) = try ZooImport(architecture: smallArchitecture).read(source, root: "/there")
        #expect(zoo.count == 1 && zoo.trajectory == nil && zoo.weights.first == 2)
        #expect(report.networks == 1 && report.checkpoints == 3)
    }

    @Test("numbers that are not finite are refused or left out and counted; no network at all is refused")
    func notFinite() throws {
        let networks = [smallNetwork(0), smallNetwork(.nan)]
        var work = ZooImport(architecture: smallArchitecture)
        #expect(throws: DataError.self) { try work.read(ListSource(networks: networks), root: "/there") }
        work.dropsNonFinite = true
        let (zoo, report) = try work.read(ListSource(networks: networks), root: "/there")
        #expect(zoo.count == 1 && report.dropped == 1)
        let error = #expect(throws: DataError.self) {
            try work.read(ListSource(networks: [networks[1]]), root: "/there")
        }
        #expect(error?.found == "1, none of them finite")
    }
}
