using System.Collections;
using System.Text.Json;

namespace SpeechGan.Runs.Rows;

/// <summary>The steps of a record file, whole lines made into objects as they are asked for: what rows do not have (digests, wall times,
/// reasons, sources) without holding all lines.</summary>
internal sealed class StoredSteps(IRunStorage storage, string file, StepRows rows) : IReadOnlyList<StepTelemetry>
{
    private IRunStorage Storage => storage;

    private string File => file;

    /// <inheritdoc/>
    public int Count => rows.Count;

    /// <inheritdoc/>
    public StepTelemetry this[int index] => Read([rows[index]]).Single();

    /// <summary>The lines of some rows, in the rows' order.</summary>
    /// <exception cref="RunFolderException">The file is not what it was when the record was loaded.</exception>
    public IEnumerable<StepTelemetry> Read(IEnumerable<StepRow> wanted)
    {
        using var lines = new LineStream(RecordFile.Open(storage, file));
        foreach (var row in wanted)
            yield return At(lines, row);
    }

    /// <summary>Opens the lines themselves, as bytes.</summary>
    public StepLines OpenLines() => new Lines(this);

    /// <inheritdoc/>
    public IEnumerator<StepTelemetry> GetEnumerator() => Read(rows).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private StepTelemetry At(LineStream lines, StepRow row)
    {
        try
        {
            if (lines.TryAt(row.Line.Offset, row.Line.Length, out var line))
                return JsonSerializer.Deserialize<StepTelemetry>(line, RunJson.Line)!;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or InvalidDataException)
        {
            throw Changed(row.Step, e);
        }

        throw Changed(row.Step, null);
    }

    private RunFolderException Changed(long step, Exception? cause) =>
        new(
            $"'{file}' was changed while it was read: step {step} is no longer in its place. Wait until what changes it is done (a "
                + "training that was resumed, a compression), and run this again.",
            file,
            RunFolderException.Environment,
            cause
        );

    private sealed class Lines(StoredSteps steps) : StepLines
    {
        private LineStream lines = new(RecordFile.Open(steps.Storage, steps.File));
        private long passed;

        public override ReadOnlySpan<byte> At(StepPlace place)
        {
            if (place.Offset < passed)
            {
                lines.Dispose();
                lines = new LineStream(RecordFile.Open(steps.Storage, steps.File));
            }

            passed = place.Offset;
            try
            {
                // A step's line is an object: anything else there is not what was loaded.
                if (lines.TryAt(place.Offset, place.Length, out var line) && line is [(byte)'{', .., (byte)'}'])
                    return line;
            }
            catch (InvalidDataException e)
            {
                throw steps.Changed(place.Step, e);
            }

            throw steps.Changed(place.Step, null);
        }

        public override void Dispose() => lines.Dispose();
    }
}
