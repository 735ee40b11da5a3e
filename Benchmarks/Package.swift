// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that users of the library never build it.
let package = Package(
    name: "Benchmarks",
    dependencies: [.package(name: "WeightSpace", path: "..")],
    targets: [
        .executableTarget(
            name: "weightspace-bench", dependencies: [.product(name: "WeightSpace", package: "WeightSpace")])
    ],
    swiftLanguageModes: [.v6]
)
