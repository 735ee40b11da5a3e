@testable import Generation

extension Diffusion {
    /// One diffusion of every kind, with every parameterization that it allows.
    static let all: [Diffusion] = {
        var result = [Diffusion(EDMConfig()), Diffusion(EDMConfig().scaled(toDataStd: 2))]
        for schedule in DDPMConfig.Schedule.allCases {
            for parameterization in Parameterization.allCases {
                var config = DDPMConfig()
                config.schedule = schedule
                config.parameterization = parameterization
                result.append(Diffusion(config))
            }
        }
        return result
    }()

    /// The variance-preserving diffusion in continuous time.
    static func continuous(_ parameterization: Parameterization = .noise) -> Diffusion {
        Diffusion(schedule: ContinuousSchedule(), preconditioning: Preconditioning(parameterization))
    }
}
