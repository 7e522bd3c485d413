using SpeechGan.Bisect;
using SpeechGan.Configuration;
using SpeechGan.Data;
using SpeechGan.Evaluation;
using SpeechGan.Runs;
using SpeechGan.Training;

namespace SpeechGan.Workflows;

/// <summary>A stretch of an utterance and how it changed.</summary>
/// <param name="Utterance">Name of the utterance.</param>
/// <param name="Segment">The stretch.</param>
internal sealed record ChangedPlace(string Utterance, SegmentChange Segment);

/// <summary>Where in the files two checkpoints differ.</summary>
internal static class ChangedPlaces
{
    /// <summary>Compares both checkpoints' sound of some utterances, stretch by stretch.</summary>
    /// <param name="record">The first run.</param>
    /// <param name="from">Its epoch.</param>
    /// <param name="other">The second run; it may be the first.</param>
    /// <param name="to">Its epoch.</param>
    /// <param name="utterances">What is enhanced.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>The greatest change first; or none, and why.</returns>
    public static (IReadOnlyList<ChangedPlace> Places, string? Why) Of(
        RunRecord record,
        int from,
        RunRecord other,
        int to,
        IReadOnlyList<Utterance> utterances,
        CancellationToken stop
    )
    {
        string a = Checkpoint(record, from),
            b = Checkpoint(other, to);
        foreach (var (path, epoch) in new[] { (a, from), (b, to) })
            if (!Directory.Exists(path))
                return ([], $"the checkpoint of epoch {epoch} is not kept any more ('{path}'; checkpoint.keep says how many are)");
        GeneratorSource? opened = null,
            openedOther = null;
        try
        {
            (opened, openedOther) = (GeneratorSource.Open(a), GeneratorSource.Open(b));
        }
        catch (Exception e) when (e is RunFolderException or StateDictException or SafetensorsException or ConfigException)
        {
            opened?.Dispose();
            return ([], e.Message.TrimEnd('.'));
        }
        using GeneratorSource first = opened,
            second = openedOther;
        Enhancer before = new(first.Networks.Generator, first.Networks.Spectrum),
            after = new(second.Networks.Generator, second.Networks.Spectrum);
        var places = new List<ChangedPlace>();
        foreach (var utterance in utterances)
        {
            stop.ThrowIfCancellationRequested();
            var (clean, noisy) = utterance.LoadPair();
            places.AddRange(
                SegmentChange
                    .Of(clean, before.Enhance(noisy), after.Enhance(noisy), RunConfig.SampleRate)
                    .Select(s => new ChangedPlace(utterance.Name, s))
            );
        }
        return ([.. places.Where(p => p.Segment.Change is not null).OrderByDescending(p => Math.Abs(p.Segment.Change!.Value))], null);
    }

    private static string Checkpoint(RunRecord record, int epoch) =>
        Path.Combine(record.Root, "checkpoints", new CheckpointName(epoch).ToString());
}
