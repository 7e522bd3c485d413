using SpeechGan.Runs;

namespace SpeechGan.Training;

/// <summary>Measures what a resumed run holds: everything is written out again and held against the checkpoint it was read from.</summary>
internal static class Resumptions
{
    /// <summary>The record of a resumption.</summary>
    /// <param name="checkpoint">What was restored.</param>
    /// <param name="networks">The networks and optimisers after that.</param>
    /// <param name="state">Where the run goes on.</param>
    /// <param name="config">The run's configuration; a changed knob changes its own part, which is left out.</param>
    public static Resumption Of(Checkpoint checkpoint, Networks networks, RunState state, RunConfig config)
    {
        var now = CheckpointParts.Of(networks, state, config);
        return new Resumption
        {
            Epoch = state.Epoch,
            StepInEpoch = state.StepInEpoch,
            Step = state.Step,
            BestEpoch = state.Best?.Epoch,
            BestPesq = state.Best?.Pesq,
            ParameterDigest = CheckpointParts.Digest(networks),
            PartsThatDiffer =
            [
                .. now.Where(p => p.Key != CheckpointParts.ConfigName && !p.Value.Span.SequenceEqual(checkpoint.Part(p.Key).Span))
                    .Select(p => p.Key)
                    .Order(StringComparer.Ordinal),
            ],
        };
    }
}
