import Basics
import Networks

/// The settings of a kind of velocity net, from which the net is made: `generator:` of an experiment.
public protocol VelocityNetConfig: ComponentConfig {
    /// The net for codes of length `dimension`; `layout` is that of the networks.
    ///
    /// Throws `DataError` where `check` does; traps where `problems()` has any.
    func net(dimension: Int, layout: ParameterLayout) throws -> any VelocityNet
    /// Throws `DataError` where no such net can be made for networks of a layout.
    func check(_ layout: ParameterLayout) throws
    /// Whether the net takes weights in their places, and no other codes.
    var needsPlaces: Bool { get }
    /// The kind with what is not its width, for people.
    var label: String { get }
    /// What the width is called, and what it is.
    var size: (name: String, value: Int) { get }
}

extension VelocityNetConfig {
    /// Takes codes of any networks.
    public func check(_ layout: ParameterLayout) throws {}
    /// Any codes will do.
    public var needsPlaces: Bool { false }
    /// The kind with its width and depth in a few words.
    public var name: String { "\(label), \(size.name) \(size.value)" }
}
