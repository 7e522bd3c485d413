using SpeechGan.Configuration;

namespace SpeechGan.Training.Checks;

/// <summary>AdamW written a second time, on plain numbers: what an optimiser's steps are held against.</summary>
/// <remarks>I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", 2019, algorithm 2.</remarks>
/// <param name="config">Its constants.</param>
/// <param name="rate">Learning rate.</param>
internal sealed class ReferenceAdamW(OptimizerConfig config, double rate)
{
    private double[] first = [],
        second = [];
    private int steps;

    /// <summary>How the parameters change in one step.</summary>
    /// <param name="parameters">Before the step.</param>
    /// <param name="gradient">Of the same length.</param>
    public double[] Change(double[] parameters, double[] gradient)
    {
        if (steps++ == 0)
            (first, second) = (new double[gradient.Length], new double[gradient.Length]);
        double ofFirst = 1 - Math.Pow(config.Beta1, steps),
            ofSecond = 1 - Math.Pow(config.Beta2, steps);
        var change = new double[parameters.Length];
        for (var i = 0; i < change.Length; i++)
        {
            first[i] = (config.Beta1 * first[i]) + ((1 - config.Beta1) * gradient[i]);
            second[i] = (config.Beta2 * second[i]) + ((1 - config.Beta2) * gradient[i] * gradient[i]);
            change[i] =
                -rate * ((first[i] / ofFirst / (Math.Sqrt(second[i] / ofSecond) + config.Eps)) + (config.WeightDecay * parameters[i]));
        }
        return change;
    }
}
