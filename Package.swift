// swift-tools-version: 6.1
import Foundation
import PackageDescription

// Apple's DocC plugin, for those who want its preview; nobody else pays for it. Scripts/docs does without.
let plugins: [Package.Dependency] =
    ProcessInfo.processInfo.environment["WEIGHTSPACE_DOCC_PLUGIN"] == nil
    ? [] : [.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0")]

let package = Package(
    name: "WeightSpace",
    products: [
        .library(
            name: "WeightSpace",
            targets: [
                "Basics", "Ranks", "Tensors", "Networks", "ModelZoo", "Formats", "Generation", "Evaluation",
                "ShiftDetection", "Reports", "Laboratory",
            ]),
        .executable(name: "weightspace", targets: ["weightspace"]),
    ],
    traits: [
        .trait(
            name: "MPI",
            description:
                "Work over the processes that mpirun or srun start: links the MPI library (Scripts/setup --mpi).")
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
    ] + plugins,
    targets: [
        // System libraries behind static-inline shims.
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CMPI", pkgConfig: "mpi", providers: [.apt(["libopenmpi-dev"])]),

        // The rooms, from the ground up.
        .target(name: "CKernels"),
        .target(name: "Basics", exclude: ["README.md"]),
        .target(
            name: "Ranks", dependencies: ["Basics", .target(name: "CMPI", condition: .when(traits: ["MPI"]))],
            exclude: ["README.md"]),
        .target(name: "Tensors", dependencies: ["CKernels", "COpenBLAS"], exclude: ["README.md"]),
        .target(name: "Networks", dependencies: ["Basics", "Tensors"], exclude: ["README.md"]),
        .target(
            name: "ModelZoo", dependencies: ["Basics", "Ranks", "Tensors", "Networks", "CHDF5", "CZlib", "CCrypto"],
            exclude: ["README.md"]),
        .target(
            name: "Formats", dependencies: ["Basics", "Networks", "ModelZoo", "CZlib"],
            exclude: ["README.md"]),
        .target(name: "Generation", dependencies: ["Basics", "Tensors", "Networks"], exclude: ["README.md"]),
        .target(name: "Evaluation", dependencies: ["Basics", "Tensors", "Networks"], exclude: ["README.md"]),
        .target(
            name: "ShiftDetection", dependencies: ["Basics", "Tensors", "Networks", "Generation", "Evaluation"],
            exclude: ["README.md"]),
        .target(name: "Reports", dependencies: ["Basics", "Evaluation"], exclude: ["README.md"]),
        .target(
            name: "Laboratory",
            dependencies: [
                "Basics", "Ranks", "Tensors", "Networks", "ModelZoo", "Formats", "Generation", "Evaluation",
                "ShiftDetection", "Reports",
                .product(name: "Yams", package: "Yams"),
            ],
            exclude: ["README.md"]),
        .executableTarget(
            name: "weightspace",
            dependencies: [
                "Basics", "Ranks", "Tensors", "Networks", "ModelZoo", "Formats", "ShiftDetection", "Reports",
                "Laboratory",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        // Tests, one target a room.
        .target(name: "TestSupport", dependencies: ["Basics", "Tensors"], path: "Tests/TestSupport"),
        .target(
            name: "ZooTestSupport", dependencies: ["ModelZoo", "TestSupport"], path: "Tests/ZooTestSupport"),
        .target(name: "RankTestSupport", dependencies: ["Ranks"], path: "Tests/RankTestSupport"),
        .target(name: "EvaluationTestSupport", dependencies: ["Evaluation"], path: "Tests/EvaluationTestSupport"),
        .target(
            name: "ReportTestSupport", dependencies: ["EvaluationTestSupport", "Reports"],
            path: "Tests/ReportTestSupport"),
        .testTarget(name: "BasicsTests", dependencies: ["Basics", "ZooTestSupport"]),
        .testTarget(name: "RanksTests", dependencies: ["Ranks", "RankTestSupport"]),
        .testTarget(name: "TensorsTests", dependencies: ["Tensors", "CKernels", "TestSupport"]),
        .testTarget(name: "NetworksTests", dependencies: ["Networks", "TestSupport"]),
        .testTarget(name: "ModelZooTests", dependencies: ["ModelZoo", "RankTestSupport", "ZooTestSupport"]),
        .testTarget(name: "FormatsTests", dependencies: ["Formats", "ZooTestSupport"]),
        .testTarget(name: "GenerationTests", dependencies: ["Generation", "TestSupport"]),
        .testTarget(
            name: "EvaluationTests", dependencies: ["Evaluation", "EvaluationTestSupport", "TestSupport"]),
        .testTarget(name: "ShiftDetectionTests", dependencies: ["ShiftDetection", "TestSupport"]),
        .testTarget(name: "ReportsTests", dependencies: ["Reports", "ReportTestSupport", "TestSupport"]),
        .testTarget(
            name: "LaboratoryTests",
            dependencies: ["Laboratory", "RankTestSupport", "ReportTestSupport", "TestSupport"]),
        .testTarget(name: "CommandTests", dependencies: ["weightspace", "TestSupport"]),
    ],
    swiftLanguageModes: [.v6]
)
