using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace SpeechGan.Runs.Rows;

/// <summary>The steps of one epoch within a record.</summary>
/// <param name="Epoch">Epoch.</param>
/// <param name="Count">Its steps.</param>
public readonly record struct EpochSpan(int Epoch, int Count);

/// <summary>
/// The steps of a record as rows: read as often as wanted, each time in order, in memory that does not grow with the record. A theory goes
/// through them instead of keeping them.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "rows, as a table has them")]
public sealed class StepRows : IReadOnlyCollection<StepRow>
{
    /// <summary>Bytes of rows that are kept in memory; further ones lie in a temporary file.</summary>
    internal const long MostInMemory = 96L << 20;

    private readonly BlockStore<StepBlock> blocks;
    private readonly List<(int First, int Lowest, int Highest)> index; // first row, lowest and highest epoch of each block
    private readonly NameTable names;

    internal StepRows(BlockStore<StepBlock> blocks, NameTable names)
    {
        (this.blocks, this.names, index) = (blocks, names, []);
        var epochs = new Dictionary<int, int>();
        var order = new List<int>();
        var before = long.MinValue;
        for (var b = 0; b < blocks.Count; b++)
        {
            var steps = blocks[b].Steps;
            int lowest = int.MaxValue,
                highest = int.MinValue;
            foreach (ref readonly var step in steps.AsSpan())
            {
                lowest = Math.Min(lowest, step.Epoch);
                highest = Math.Max(highest, step.Epoch);
                if (epochs.TryGetValue(step.Epoch, out var count))
                {
                    epochs[step.Epoch] = count + 1;
                }
                else
                {
                    epochs[step.Epoch] = 1;
                    order.Add(step.Epoch);
                }

                if (step.Step < before && FirstBack is null)
                    FirstBack = (before, step.Step);

                before = step.Step;
            }

            index.Add((Count, lowest, highest));
            Count += steps.Length;
        }

        Epochs = [.. order.Select(e => new EpochSpan(e, epochs[e]))];
    }

    /// <summary>Number of steps.</summary>
    public int Count { get; }

    /// <summary>The epochs in the order in which their first steps stand, with how many steps each has.</summary>
    public IReadOnlyList<EpochSpan> Epochs { get; }

    /// <summary>The first step whose number is lower than that of the step before it; absent where they rise.</summary>
    internal (long Before, long Step)? FirstBack { get; }

    /// <summary>The step at a place, from 0.</summary>
    public StepRow this[int place]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(place);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(place, Count);
            var block = BlockOf(place);
            return new StepRow(blocks[block], names, place - index[block].First);
        }
    }

    /// <summary>Rows of steps that are in memory.</summary>
    public static StepRows Of(IReadOnlyList<StepTelemetry> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        var names = new NameTable();
        var blocks = new BlockStore<StepBlock>(MostInMemory);
        var packer = new StepPacker(names, blocks.Add);
        foreach (var step in steps)
            packer.Add(step);

        packer.Flush();
        return new StepRows(blocks, names);
    }

    /// <summary>The steps from a place on, in order.</summary>
    /// <param name="place">From 0; the number of steps and more give none.</param>
    public IEnumerable<StepRow> From(int place)
    {
        for (var b = place >= Count ? blocks.Count : BlockOf(place); b < blocks.Count; b++)
        {
            var block = blocks[b];
            for (var i = Math.Max(0, place - index[b].First); i < block.Steps.Length; i++)
                yield return new StepRow(block, names, i);
        }
    }

    /// <summary>The steps of an epoch, in order.</summary>
    public IEnumerable<StepRow> Of(int epoch)
    {
        for (var b = 0; b < blocks.Count; b++)
        {
            if (epoch < index[b].Lowest || epoch > index[b].Highest)
                continue;

            var block = blocks[b];
            for (var i = 0; i < block.Steps.Length; i++)
            {
                if (block.Steps[i].Epoch == epoch)
                    yield return new StepRow(block, names, i);
            }
        }
    }

    /// <inheritdoc/>
    public IEnumerator<StepRow> GetEnumerator() => From(0).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int BlockOf(int place)
    {
        int low = 0,
            high = index.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = index[middle].First <= place ? (middle, high) : (low, middle - 1);
        }

        return low;
    }
}
