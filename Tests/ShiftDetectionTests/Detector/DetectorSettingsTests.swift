import Basics
import Foundation
import Networks
import Tensors
import Testing

@testable import ShiftDetection

@Suite("Settings of detectors, and detectors that are read")
struct DetectorSettingsTests {
    @Test("Settings that cannot be are named, those at the edges are not")
    func problems() {
        func problem(_ change: (inout DetectorSettings) -> Void) -> String? {
            var settings = DetectorSettings()
            change(&settings)
            return settings.problem
        }
        #expect(problem { _ in } == nil)
        #expect(problem { $0.alpha = 0 } == "alpha 0.0" && problem { $0.alpha = 1 } == "alpha 1.0")
        #expect(problem { $0.alpha = .nan } == "alpha nan" && problem { $0.alpha = 1e-3 } == nil)
        #expect(problem { $0.margin = 0 } == nil && problem { $0.margin = 1 } == "margin 1.0")
        #expect(
            problem { $0.margin = -0.1 } == "margin -0.1" && problem { $0.margin = .nan } == "margin nan")
        #expect(problem { $0.subsets = 19 } == nil && problem { $0.subsets = 0 } == "0 subsets")
        #expect(problem { $0.subsets = 1_000_001 } == "1000001 subsets")
        #expect(problem { $0.sizes = [5] } == nil && problem { $0.sizes = [] } == "sizes []")
        #expect(problem { $0.sizes = [10, 4] } == "sizes [10, 4]")
    }

    @Test("Settings are read as they were written, methods with settings of their own included")
    func roundTrip() throws {
        var method = DiscrepancyMethod(on: .logits)
        (method.bandwidth, method.estimate) = (2.5, .biased)
        var settings = DetectorSettings()
        (settings.alpha, settings.margin, settings.sizes, settings.seed) = (0.01, 0.1, [7, 9], .max)
        (settings.method, settings.subsets, settings.impute) = (Described(method), 199, .median)
        (settings.missing, settings.label, settings.ignored) = (
            ["chol": ["0", "none"]], "died", ["id", "date"]
        )
        (settings.metric, settings.ensembles.trained.count) = (.auc, 3)
        let read = try JSONDecoder().decode(DetectorSettings.self, from: JSONEncoder().encode(settings))
        #expect(read == settings)
        #expect(read.method.member as? DiscrepancyMethod == method)
    }

    @Test("As many subsets as a level needs, so that it can be reached at all")
    func subsets() {
        var settings = DetectorSettings()
        (settings.alpha, settings.subsets) = (0.001, 998)
        #expect(settings.problem == "alpha 0.001, which 998 subsets never reach")
        settings.subsets = 999
        #expect(settings.problem == nil)
        for (alpha, least, wanted) in [
            (0.05, 199, 199), (0.05, 19, 199), (0.001, 199, 9999), (1e-320, 9, 1_000_000), (0, 9, 9), (.nan, 9, 9),
        ] as [(Double, Int, Int)] {
            #expect(DetectorSettings.subsets(for: alpha, atLeast: least) == wanted)
        }
    }

    /// A detector with a column of numbers and one of words, both of which have gaps.
    private func detector(_ settings: DetectorSettings = .init()) throws -> ShiftDetector {
        let text = "age,sex\n1,m\n2,f\n,f\n30,\n4,m\n"
        let table = try Table(bytes: Array(text.utf8), path: "t.csv")
        let encoding = try TableEncoding(fitting: table, except: [], impute: .median, path: "t.csv")
        let raw = try encoding.read(table, except: [], path: "t.csv").rows
        let said = OutputsAlone.rows([0.125, 0.25, 0.375, 0.5, 0.625]).probabilities
        let rows = DetectorRows(raw: raw, probabilities: said, labels: [0, nil, 1, nil, 1])
        return ShiftDetector(
            settings: settings, encoding: encoding, classes: ModelClasses(names: ["no", "yes"]),
            training: rows,
            reference: rows.selecting([4, 3, 2, 1]), ensembles: [:])
    }

    private func refusal(_ detector: ShiftDetector, _ tensors: [NamedTensor]? = nil) -> String {
        do {
            _ = try ShiftDetector(
                detector.description, tensors: tensors ?? detector.tensors, path: "d.shift")
            return "nothing was refused"
        } catch { return "\(error)" }
    }

    @Test(
        "Missing values and missing labels come back as such, though no tensor holds what is no number")
    func gaps() throws {
        let detector = try detector()
        #expect(detector.tensors.allSatisfy { $0.value.doubles.allSatisfy(\.isFinite) })
        #expect(detector.description.referenceLabels == [1, -1, 1, -1])
        let json = try JSONEncoder().encode(detector.description)
        let read = try ShiftDetector(
            JSONDecoder().decode(DetectorDescription.self, from: json), tensors: detector.tensors,
            path: "d.shift")
        for (mine, other) in [
            (read.reference, detector.reference), (read.training ?? read.reference, detector.training),
        ] {
            let other = try #require(other)
            #expect(mine.count == other.count && mine.labels == other.labels)
            #expect((0..<mine.count).allSatisfy { mine.raw.key($0) == other.raw.key($0) })
        }
        #expect(read.reference.raw.columns[1][1].isNaN && read.reference.raw.columns[0][2].isNaN)
    }

    @Test("A category that is none of the column's is damage; one that was not known is not")
    func categories() throws {
        let detector = try detector()
        func changed(_ value: Double) -> [NamedTensor] {
            detector.tensors.map { tensor in
                guard tensor.name == "reference.values" else { return tensor }
                var flat = tensor.value.doubles
                flat[4] = value
                return NamedTensor(tensor.name, Tensor(flat, shape: tensor.value.shape))
            }
        }
        #expect(refusal(detector, changed(-1)) == "nothing was refused")
        for value in [2, -2, 0.5] as [Double] {
            #expect(
                refusal(detector, changed(value))
                    == "d.shift: is damaged: a category of column sex (fit the detector again with `shift fit`)"
            )
        }
    }

    @Test("Settings, nulls and methods that cannot be are damage")
    func damage() throws {
        var settings = DetectorSettings()
        settings.alpha = 2
        #expect(refusal(try detector(settings)).hasPrefix("d.shift: is damaged: alpha 2.0 ("))
        settings = DetectorSettings()
        settings.method = Described(DisagreementMethod())
        #expect(
            refusal(try detector(settings)).hasPrefix(
                "d.shift: is damaged: disagreement asks trained networks, and there are none ("))
        settings = DetectorSettings()
        settings.method = Described(Detectron())
        #expect(refusal(try detector(settings)).contains("samples of the reference alone"))
    }
}
