using SpeechGan.Distributed;
using SpeechGan.Metrics;
using SpeechGan.Runs;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechGan.Training;

/// <summary>
/// What the ranks of a group tell each other in one training step, so that together they take the step that one process would take on the
/// union of their batches. With one process every method gives back what it was given.
/// </summary>
/// <remarks>
/// Every rank calls every method in the same order, whatever its own samples were: whether the discriminator steps follows from the scores
/// of all ranks, which all have, and a rank without a scored sample takes part like any other.
/// </remarks>
internal sealed class StepExchange(IProcessGroup group)
{
    /// <summary>Whether this process trains alone.</summary>
    public bool Alone => group.Size == 1;

    /// <summary>Whether this rank's own gradients are finite: asked before they are summed, since the sum does not tell whose were
    /// not. Not asked of a process alone, whose gradients stay as they are.</summary>
    public bool AreFinite(IEnumerable<Parameter> parameters)
    {
        if (Alone)
            return true;
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        return Gradients(parameters) is not { Length: > 0 } gradients || double.IsFinite(Flat(gradients).sum().ToDouble());
    }

    /// <summary>Makes the parameters' gradients those of the mean over all ranks' losses.</summary>
    public void Average(IEnumerable<Parameter> parameters) => Reduce(parameters, 1.0 / group.Size);

    /// <summary>Makes the parameters' gradients those of the sum of all ranks' losses.</summary>
    public void Sum(IEnumerable<Parameter> parameters) => Reduce(parameters, 1);

    /// <summary>The generator's losses and gradient norms as one process would have measured them on the whole batch.</summary>
    /// <param name="loss">This rank's means over its batch.</param>
    /// <param name="norms">At this rank's output; the parameters' norm is everybody's already.</param>
    /// <param name="problem">What makes the step impossible on this rank, a sentence; null where nothing does.</param>
    /// <param name="own">Whether this rank's own gradients were finite.</param>
    public (LossTerms Loss, GradientNorms Norms, string? Problem) ShareGenerator(
        LossTerms loss,
        GradientNorms norms,
        string? problem,
        bool own
    )
    {
        if (Alone)
            return (loss, norms, problem);
        var all = group.Share(new GeneratorReport(loss, norms, new(problem, own && double.IsFinite(loss.Total ?? 0))));
        return (
            new LossTerms
            {
                Ri = Mean(all, r => r.Loss.Ri),
                Magnitude = Mean(all, r => r.Loss.Magnitude),
                Time = Mean(all, r => r.Loss.Time),
                Gan = Mean(all, r => r.Loss.Gan),
                Total = Mean(all, r => r.Loss.Total),
            },
            new GradientNorms
            {
                Ri = Norm(all, r => r.Norms.Ri),
                Magnitude = Norm(all, r => r.Norms.Magnitude),
                Time = Norm(all, r => r.Norms.Time),
                Gan = Norm(all, r => r.Norms.Gan),
                Generator = norms.Generator,
            },
            Problem(all.Select(r => r.Problem))
        );
    }

    /// <summary>Names and scores of all ranks' samples in the order of the whole batch, and where this rank's begin.</summary>
    public (IReadOnlyList<string> Names, BatchScore Scores, int First) ShareScores(IReadOnlyList<string> names, BatchScore scores)
    {
        if (Alone)
            return (names, scores, 0);
        var all = group.Share(
            scores.Results.Select((r, i) => new ScoreReport(names[i], r.HasValue ? r.Value : null, r.Unscorable, r.Sentence)).ToArray()
        );
        return (
            [.. all.SelectMany(r => r).Select(s => s.Name)],
            new BatchScore([
                .. all.SelectMany(r => r)
                    .Select(s => s.Value is { } value ? MetricResult.Of(value) : MetricResult.None(s.Reason!.Value, s.Sentence)),
            ]),
            all.Take(group.Rank).Sum(r => r.Length)
        );
    }

    /// <summary>The discriminator's loss, of which each rank had its part, and its outputs for all ranks' samples.</summary>
    public (double Loss, double[] Said, double[] OfClean, string? Problem) ShareDiscriminator(
        double loss,
        double[] said,
        double[] ofClean,
        string? problem,
        bool own
    )
    {
        if (Alone)
            return (loss, said, ofClean, problem);
        var all = group.Share(new DiscriminatorReport(loss, said, ofClean, new(problem, own && double.IsFinite(loss))));
        return (
            all.Sum(r => r.Loss),
            [.. all.SelectMany(r => r.Said)],
            [.. all.SelectMany(r => r.OfClean)],
            Problem(all.Select(r => r.Problem))
        );
    }

    /// <summary>What was loaded for all ranks' samples, in the order of the whole batch.</summary>
    public IReadOnlyList<LoadedSample> ShareInputs(LoadedSample[] mine) => Alone ? mine : [.. group.Share(mine).SelectMany(s => s)];

    /// <summary>Names of all ranks' samples in the order of the whole batch.</summary>
    public IEnumerable<string> ShareNames(IReadOnlyList<string> names) => Alone ? names : group.Share(names.ToArray()).SelectMany(n => n);

    // One collective for all: the gradients side by side in one tensor.
    private void Reduce(IEnumerable<Parameter> parameters, double factor)
    {
        if (Alone)
            return;
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        if (Gradients(parameters) is not { Length: > 0 } gradients)
            return;
        var flat = Flat(gradients);
        group.Sum(flat);
        if (factor != 1)
            flat.mul_(factor);
        long at = 0;
        foreach (var gradient in gradients)
        {
            var count = gradient.NumberOfElements;
            gradient.copy_(flat.narrow(0, at, count).view(gradient.shape));
            at += count;
        }
    }

    private static Tensor[] Gradients(IEnumerable<Parameter> parameters) => [.. parameters.Select(p => p.grad).OfType<Tensor>()];

    private static Tensor Flat(Tensor[] gradients) => cat([.. gradients.Select(g => g.reshape(-1))]);

    // Through the sum one rank's trouble is everybody's: the rank is named in which it began.
    private static string? Problem(IEnumerable<Trouble> troubles) =>
        troubles
            .Select((t, rank) => (t.Sentence, t.Sound, rank))
            .Where(t => t.Sentence is not null)
            .OrderBy(t => t.Sound)
            .Select(t => $"Rank {t.rank}: {t.Sentence}")
            .FirstOrDefault();

    private static double? Mean(GeneratorReport[] all, Func<GeneratorReport, double?> value) =>
        value(all[0]) is null ? null : all.Sum(r => value(r)!.Value) / all.Length;

    // The whole batch's gradient at the output is the ranks' side by side, each divided by their number.
    private static double? Norm(GeneratorReport[] all, Func<GeneratorReport, double?> value) =>
        value(all[0]) is null ? null : Math.Sqrt(all.Sum(r => value(r)!.Value * value(r)!.Value)) / all.Length;

    /// <summary>A sample of this step's batch as it was loaded.</summary>
    /// <param name="Start">First sample of its cut.</param>
    /// <param name="Input">Its measures; null where this step's are not taken.</param>
    internal sealed record LoadedSample(int Start, SampleInput? Input);

    private sealed record Trouble(string? Sentence, bool Sound);

    private sealed record GeneratorReport(LossTerms Loss, GradientNorms Norms, Trouble Problem);

    private sealed record ScoreReport(string Name, double? Value, UnscorableReason? Reason, string Sentence);

    private sealed record DiscriminatorReport(double Loss, double[] Said, double[] OfClean, Trouble Problem);
}
