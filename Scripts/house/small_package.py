"""A package of a few rooms and their tests alone, beside the checkout: it is compiled in minutes where all takes longer."""
import re

SYSTEM = {"COpenBLAS": "openblas", "CHDF5": "hdf5", "CZlib": "zlib", "CCrypto": "libcrypto"}
TARGET = re.compile(r'\.(target|testTarget)\(\s*name: "(\w+)"(.*?)(?=\n {4,8}(?:\.|//|\]))', re.S)

# A dependency that only a trait brings: the small package has no traits.
CONDITIONAL = re.compile(r',\s*\.target\(name: "\w+", condition: \.when\([^)]*\)\)')


def targets(manifest):
    """Name to (kind, dependencies, path, whether it has a README) of each target of the rooms in Package.swift."""
    found = {}
    for kind, name, rest in TARGET.findall(CONDITIONAL.sub("", manifest)):
        dependencies = re.search(r"dependencies: \[(.*?)\]", rest, re.S)
        path = re.search(r'path: "([^"]+)"', rest)
        found[name] = (kind, re.findall(r'"(\w+)"', dependencies.group(1)) if dependencies else [],
                       path.group(1) if path else f"{'Tests' if kind == 'testTarget' else 'Sources'}/{name}",
                       "README.md" in rest)
    return found


def closure(wanted, found):
    """The wanted targets and all that they stand on, those first that stand on nothing."""
    order = []

    def visit(name):
        if name in order or name in SYSTEM:
            return
        for dependency in found[name][1]:
            visit(dependency)
        order.append(name)

    for name in wanted:
        visit(name)
    return order


def write(root, folder, rooms):
    """Makes the package in an empty folder; returns the names of its test targets."""
    found = targets((root / "Package.swift").read_text())
    tests = [f"{room}Tests" for room in rooms]
    unknown = [name for name in tests if name not in found]
    if unknown:
        raise KeyError(", ".join(unknown))
    names = closure(tests, found)
    for top in ("Sources", "Tests", "Datasets", "ModelZoos", "Experiments"):
        (folder / top).symlink_to(root / top)
    lines = ["// swift-tools-version: 6.1", "import PackageDescription", "let package = Package(", '    name: "main",',
             "    targets: ["]
    used = {dependency for name in names for dependency in found[name][1]}
    for name in sorted(used & SYSTEM.keys()):
        lines.append(f'        .systemLibrary(name: "{name}", path: "Sources/{name}", pkgConfig: "{SYSTEM[name]}"),')
    for name in names:
        kind, dependencies, path, has_readme = found[name]
        listed = ", ".join(f'"{dependency}"' for dependency in dependencies)
        exclude = ', exclude: ["README.md"]' if has_readme else ""
        lines.append(f'        .{kind}(name: "{name}", dependencies: [{listed}], path: "{path}"{exclude}),')
    lines += ["    ],", "    swiftLanguageModes: [.v6]", ")", ""]
    (folder / "Package.swift").write_text("\n".join(lines))
    return tests
