using SpeechGan.Configuration;
using SpeechGan.Data;
using SpeechGan.Metrics;
using SpeechGan.Models;
using SpeechGan.Runs;
using static TorchSharp.torch;

namespace SpeechGan.Training;

/// <summary>
/// The places below the record at which the proof of the diagnosis lets the faults of published trainers in: whatever is done here, the
/// record is made of what then happened, by the same code as ever, so that a theory can only name the fault by its measurements. A real run
/// has
/// <see cref="None"/>.
/// </summary>
internal abstract class FaultPoints
{
    /// <summary>No fault anywhere.</summary>
    public static FaultPoints None { get; } = new Nowhere();

    /// <summary>The networks' kernels of a choice, as they are tested and used.</summary>
    public virtual INetworkKernels Kernels(KernelChoice choice) => NetworkKernels.For(choice);

    /// <summary>Whether a batch is passed over without a word (faults F7, F18).</summary>
    public virtual bool Skips(Batch batch, int epoch, long step) => false;

    /// <summary>The estimate's signal, as it is compared and scored (fault F6).</summary>
    /// <param name="signal">`[batch, samples]`, as it should be.</param>
    /// <param name="cleanReal">Real part of the clean spectrum, `[batch, 1, bins, frames]`.</param>
    /// <param name="imaginary">Imaginary part of the estimate, `[batch, 1, bins, frames]`.</param>
    /// <param name="spectrum">The front end.</param>
    public virtual Tensor Signal(Tensor signal, Tensor cleanReal, Tensor imaginary, Spectrum spectrum) => signal;

    /// <summary>Whether the discriminator steps (fault F5).</summary>
    public virtual bool Steps(BatchTargets targets) => targets.Steps;

    /// <summary>What the discriminator is taught.</summary>
    public virtual BatchTargets Targets(BatchTargets targets) => targets;

    /// <summary>Before an evaluation, with the networks in evaluation mode.</summary>
    public virtual void Evaluating(Networks networks) { }

    /// <summary>After the weights moved.</summary>
    public virtual void Stepped(Networks networks, int epoch, long step) { }

    /// <summary>Validation's summary (fault F8).</summary>
    public virtual ValidationSummary Validation(ValidationSummary summary, IReadOnlyList<UtteranceEvaluation> evaluations) => summary;

    /// <summary>The state a run goes on with (fault F12).</summary>
    public virtual RunState Resumed(RunState state) => state;

    private sealed class Nowhere : FaultPoints;
}
