using SpeechGan.Configuration;
using SpeechGan.Data;
using SpeechGan.Losses;
using SpeechGan.Models;
using SpeechGan.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Training;

/// <summary>
/// The loss of one batch in both modes of the generator, at the cost of one forward pass: the last step has measured it in training mode. A
/// large distance means that the running statistics, which evaluation uses, are not those of the batches.
/// </summary>
internal static class ModeLosses
{
    /// <summary>Measures it; no weight, buffer or random number is touched. The generator must be in evaluation mode.</summary>
    /// <param name="networks">The networks after the step.</param>
    /// <param name="loss">Weights and time reference.</param>
    /// <param name="batch">This process's part of the step's batch.</param>
    /// <param name="step">The step's record.</param>
    /// <returns>Null where no reconstruction term has a weight, or a loss is not a number.</returns>
    public static ModeLoss? Of(Networks networks, LossConfig loss, Batch batch, StepTelemetry step)
    {
        var weights = loss.Weights;
        if (weights.Ri + weights.Magnitude + weights.Time == 0)
            return null;
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        long[] shape = [batch.BatchSize, batch.Samples];
        Tensor clean = tensor(batch.Clean, shape, dtype: networks.Type, device: networks.Device);
        Tensor noisy = tensor(batch.Noisy, shape, dtype: networks.Type, device: networks.Device);
        var pass = new GeneratorPass(networks, loss);
        var made = pass.Forward(clean, noisy);
        double evaluation = 0;
        if (weights.Ri > 0)
            evaluation += weights.Ri * RealImaginaryLoss.Of(made.Real, made.Imaginary, made.CleanReal, made.CleanImaginary).ToDouble();
        if (weights.Magnitude > 0)
            evaluation +=
                weights.Magnitude * MagnitudeLoss.Of(Spectrum.Magnitude(made.Real, made.Imaginary), made.CleanMagnitude).ToDouble();
        if (weights.Time > 0)
            evaluation +=
                weights.Time
                * TimeLoss
                    .Of(pass.Signal(made, made.Real, made.Imaginary), loss.TimeReference == TimeReference.Raw ? clean : made.Clean)
                    .ToDouble();
        var training =
            (weights.Ri * (step.Loss.Ri ?? 0)) + (weights.Magnitude * (step.Loss.Magnitude ?? 0)) + (weights.Time * (step.Loss.Time ?? 0));
        return double.IsFinite(evaluation) ? new ModeLoss { Training = training, Evaluation = evaluation } : null;
    }
}
