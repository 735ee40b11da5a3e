import Networks

/// What a file says of a network's computation besides its weights: Keras' configuration, a module of PyTorch that was
/// saved whole. State dicts say nothing of the kind.
struct StatedLayers: Sendable, Hashable {
    /// What a norm divides by.
    enum Norm: String, Sendable, Decodable {
        case none, batch, layer
        /// One that no architecture here has (groups, instances).
        case other
    }

    /// One layer that is of consequence in evaluation.
    enum Layer: Sendable, Hashable {
        /// A layer with weights that is no norm.
        case weights
        case norm(Norm, name: String)
        /// A nonlinearity; nil for one that no architecture here has.
        case activation(Activation?, name: String)
        /// What joins several inputs, as connections that skip layers do.
        case join(String)
        /// What is done with rows and columns.
        case spatial(Spatial)
        /// Another thing that changes numbers.
        case other(String)
    }

    /// The layers, in the order in which they are listed.
    var layers: [Layer] = []
    /// Whether they are also called in that order.
    var isSequence = true

    /// The layers up to the last one with weights: what comes after it are words on the output.
    var inside: ArraySlice<Layer> {
        layers.prefix((layers.lastIndex(of: .weights) ?? -1) + 1)
    }

    /// The nonlinearities between layers with weights, each once: known ones by what they compute, others by name.
    var activations: [Layer] {
        var found: [Layer] = []
        for case .activation(let kind, let name) in inside {
            let isKnown = found.contains { other in
                guard case .activation(let otherKind, let otherName) = other, kind == otherKind else { return false }
                return kind != nil || name == otherName
            }
            if !isKnown { found.append(.activation(kind, name: name)) }
        }
        return found
    }

    /// The one nonlinearity between layers; nil where there are none, several or an unknown one.
    var activation: Activation? {
        guard activations.count == 1, case .activation(let kind, _)? = activations.first else { return nil }
        return kind
    }

    /// A norm that is computed after an activation and not before: its name; nil where there is none.
    var normAfterActivation: String? {
        var wasActivation = false
        for layer in layers {
            switch layer {
            case .activation: wasActivation = true
            case .norm(_, let name):
                if wasActivation { return name }
            case .weights, .join: wasActivation = false
            case .other, .spatial: break
            }
        }
        return nil
    }
}
