using System.Collections;

namespace SpeechGan.Runs.Rows;

/// <summary>The evaluations of a record: each is made as it is asked for, so that memory does not grow with the record.</summary>
internal sealed class EvaluationRows : IReadOnlyList<UtteranceEvaluation>
{
    /// <summary>Bytes of rows that are kept in memory; further ones lie in a temporary file.</summary>
    public const long MostInMemory = 32L << 20;

    private readonly BlockStore<EvaluationBlock> blocks;
    private readonly List<(int First, int Lowest, int Highest)> index = []; // first line, lowest and highest epoch of each block
    private readonly NameTable names;
    private readonly NameSets sets;

    public EvaluationRows(BlockStore<EvaluationBlock> blocks, NameTable names, NameSets sets)
    {
        (this.blocks, this.names, this.sets) = (blocks, names, sets);
        for (var b = 0; b < blocks.Count; b++)
        {
            var lines = blocks[b].Lines;
            index.Add((Count, lines.Min(l => l.Epoch), lines.Max(l => l.Epoch)));
            Count += lines.Length;
        }
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public UtteranceEvaluation this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            var block = this.index.FindLastIndex(b => b.First <= index);
            return At(blocks[block], index - this.index[block].First);
        }
    }

    /// <summary>The evaluations after an epoch, in order.</summary>
    public IEnumerable<UtteranceEvaluation> Of(int epoch)
    {
        for (var b = 0; b < blocks.Count; b++)
        {
            if (epoch < index[b].Lowest || epoch > index[b].Highest)
                continue;

            var block = blocks[b];
            for (var i = 0; i < block.Lines.Length; i++)
            {
                if (block.Lines[i].Epoch == epoch)
                    yield return At(block, i);
            }
        }
    }

    /// <inheritdoc/>
    public IEnumerator<UtteranceEvaluation> GetEnumerator()
    {
        for (var b = 0; b < blocks.Count; b++)
        {
            var block = blocks[b];
            for (var i = 0; i < block.Lines.Length; i++)
                yield return At(block, i);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private UtteranceEvaluation At(EvaluationBlock block, int place)
    {
        ref readonly var cells = ref block.Lines[place];
        var metrics = sets[cells.Metrics];
        return new UtteranceEvaluation
        {
            Epoch = cells.Epoch,
            Split = names[cells.Split],
            Name = names[cells.Name],
            CutStart = cells.CutStart,
            CutLength = cells.CutLength,
            Metrics = new OrderedMap<double>(metrics, block.Numbers.AsSpan(cells.FirstMetric, metrics.Length).ToArray()),
            Unavailable = Texts(block, cells.Unavailable, cells.FirstUnavailable),
            Sources = cells.Sources < 0 ? null : Texts(block, cells.Sources, cells.FirstSource),
        };
    }

    private IReadOnlyDictionary<string, string> Texts(EvaluationBlock block, int set, int first)
    {
        var keys = sets[set];
        if (keys.Length == 0)
            return Absence.None;

        var values = new string[keys.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = names[block.Texts[first + i]];

        return new OrderedMap<string>(keys, values);
    }
}
