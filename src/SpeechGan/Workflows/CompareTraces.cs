using System.Globalization;
using SpeechGan.Comparison;
using SpeechGan.Training.Tracing;

namespace SpeechGan.Workflows;

/// <summary>Traces one step of both sides and names the first module that differs; where both are this program, whether all after it
/// follows from it.</summary>
/// <param name="trainings">The sides' trainings.</param>
/// <param name="tell">Told of each trace before it starts.</param>
internal sealed class CompareTraces(CompareTrainings trainings, Action<string> tell)
{
    private const string Float32 = "train.precision=float32",
        Float64 = "train.precision=float64";

    /// <summary>The step to trace: the first that differs; null where nothing differs.</summary>
    public static long? FirstStep(PairComparison pair, IReadOnlyList<long> lastSteps) =>
        pair.First switch
        {
            null => null,
            { Step: { } step } => step,
            // An epoch's line or its scores: the last step before them. Before training: the first.
            { Epoch: var epoch } => epoch == 0 ? 1 : lastSteps[Math.Min(epoch, lastSteps.Count) - 1],
        };

    /// <summary>Traces and compares.</summary>
    /// <param name="a">A.</param>
    /// <param name="b">B.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="step">Step of the run, from 1.</param>
    public TraceComparison Run(ComparedSide a, ComparedSide b, long seed, long step)
    {
        StepTrace single = Trace(a with { Knobs = [.. a.Knobs, Float32] }),
            exact = Trace(a with { Knobs = [.. a.Knobs, Float64] });
        var isFloat64 = a.Kind != SideKind.Commit && trainings.Config(a, seed).Train.Precision == Configuration.Precision.Float64;
        var ofA = isFloat64 ? exact : single;
        var bound = new TraceBound(single, exact);
        var ofB = Trace(b);
        var found = TraceComparison.Of(ofA, ofB, bound);
        if (found.First is not { } first)
            return found;
        if (a.Kind == SideKind.Commit || b.Kind == SideKind.Commit)
            return found with { NotFollowed = "a commit's program is another process" };
        // B once more with all elements of the module's outputs, then A with these in place of its own.
        var whole = new TraceRecorder { KeptWhole = first.A.Module };
        Trace(b, whole);
        var substituted = Trace(
            a with
            {
                Knobs = [.. a.Knobs, isFloat64 ? Float64 : Float32],
            },
            new TraceRecorder { Substitutes = whole.Whole }
        );
        return found.With(substituted, ofB, bound);

        StepTrace Trace(ComparedSide side, TraceRecorder? recorder = null)
        {
            tell(string.Create(CultureInfo.InvariantCulture, $"Tracing step {step} of {side.Text}, seed {seed}{Precisely(side)}"));
            return trainings.Trace(side, seed, step, recorder ?? new TraceRecorder());
        }
    }

    // A is traced in both precisions: their distance is what rounding explains.
    private static string Precisely(ComparedSide side)
    {
        if (side.Knobs.Contains(Float64))
            return ", in float64";
        return side.Knobs.Contains(Float32) ? ", in float32" : "";
    }
}
