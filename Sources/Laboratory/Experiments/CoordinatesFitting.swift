import Basics
import Generation
import Networks
import Tensors

/// Fits coordinates to the training networks, or takes fitted ones from a file.
struct CoordinatesFitting {
    let config: CoordinatesConfig
    /// Where the networks' weights lie.
    let layout: ParameterLayout
    /// What messages name.
    let path: String

    /// Trains an autoencoder on standardised rows and returns its weights.
    typealias Train = (_ autoencoder: any Autoencoder, _ config: TrainingConfig, _ rows: Tensor, _ heldOut: Tensor?) throws
        -> Tensor

    /// Coordinates of training networks [N, D]; validation ones [M, D] tell an autoencoder when to stop. Throws `DataError`
    /// where there is nothing to fit.
    func fit(_ rows: Tensor, heldOut: Tensor?, train: Train) throws -> any StoredCoordinates {
        switch config {
        case .raw: return RawCoordinates(parameterCount: layout.count)
        case .pca(let principal):
            guard let fitted = PrincipalCoordinates(fitting: rows, components: principal.components) else {
                throw DataError(
                    .malformed, path: path, expected: "training networks that differ", found: "no variance at all",
                    hint: "one repeated network has no principal components; coordinates: {kind: raw} has codes")
            }
            guard principal.standardize else { return fitted }
            return ChainedCoordinates([fitted, try standardized(fitted.encode(rows))])
        case .slotStandardized: return try bySlot(rows)
        case .orbitStandardized:
            return try known(OrbitStandardizedCoordinates(fitting: rows, layout: layout))
        case .autoencoder(let latent):
            let nets = ConvolutionalAutoencoder(parameterCount: layout.count, config: latent.net)
            return try latentCoordinates(nets, latent.training, rows, heldOut, train)
        case .tokenAutoencoder(let latent):
            let nets = TokenAutoencoder(parameters: layout, config: latent.net)
            return try latentCoordinates(nets, latent.training, rows, heldOut, train)
        }
    }

    /// Coordinates that were fitted before. Throws `DataError` where the tensors are not theirs.
    func read(_ tensors: [NamedTensor]) throws -> any StoredCoordinates {
        switch config {
        case .raw: return RawCoordinates(parameterCount: layout.count)
        case .pca(let principal):
            guard principal.standardize else { return try PrincipalCoordinates(tensors: tensors) }
            return try chained([
                PrincipalCoordinates(tensors: part(0, tensors)), StandardizedCoordinates(tensors: part(1, tensors)),
            ])
        case .slotStandardized: return try SlotStandardizedCoordinates(layout: layout, tensors: tensors)
        case .orbitStandardized: return try known(OrbitStandardizedCoordinates(layout: layout, tensors: tensors))
        case .autoencoder(let latent):
            return try latentCoordinates(
                ConvolutionalAutoencoder(parameterCount: layout.count, config: latent.net), tensors)
        case .tokenAutoencoder(let latent):
            return try latentCoordinates(TokenAutoencoder(parameters: layout, config: latent.net), tensors)
        }
    }

    /// Weights standardised slot by slot, their codes, and those standardised dimension by dimension.
    private func latentCoordinates(
        _ nets: any Autoencoder, _ training: TrainingConfig, _ rows: Tensor, _ heldOut: Tensor?, _ train: Train
    ) throws -> any StoredCoordinates {
        let first = try bySlot(rows)
        let seen = first.encode(rows)
        let parameters = try train(nets, training, seen, heldOut.map(first.encode))
        let second = AutoencoderCoordinates(autoencoder: nets, parameters: parameters)
        return ChainedCoordinates([first, second, try standardized(second.encode(seen))])
    }

    private func latentCoordinates(_ nets: any Autoencoder, _ tensors: [NamedTensor]) throws -> any StoredCoordinates {
        try chained([
            SlotStandardizedCoordinates(layout: layout, tensors: part(0, tensors)),
            AutoencoderCoordinates(autoencoder: nets, tensors: part(1, tensors)),
            StandardizedCoordinates(tensors: part(2, tensors)),
        ])
    }

    private func bySlot(_ rows: Tensor) throws -> SlotStandardizedCoordinates {
        try known(SlotStandardizedCoordinates(fitting: rows, layout: layout))
    }

    private func standardized(_ codes: Tensor) throws -> StandardizedCoordinates {
        try known(StandardizedCoordinates(fitting: codes))
    }

    private func known<Fitted>(_ fitted: Fitted?) throws -> Fitted {
        guard let fitted else {
            throw DataError(
                .malformed, path: path, expected: "training networks, and codes of them, that are finite",
                found: "numbers that are not")
        }
        return fitted
    }

    private func part(_ index: Int, _ tensors: [NamedTensor]) -> [NamedTensor] {
        ChainedCoordinates.tensors(ofPart: index, in: tensors)
    }

    private func chained(_ parts: [any StoredCoordinates]) throws -> any StoredCoordinates {
        guard zip(parts, parts.dropFirst()).allSatisfy({ $0.dimension == $1.parameterCount }) else {
            throw DataError(
                .malformed, path: path, expected: "parts that take each other's codes",
                found: parts.map { "\($0.parameterCount) to \($0.dimension)" }.joined(separator: ", "))
        }
        return ChainedCoordinates(parts)
    }
}
