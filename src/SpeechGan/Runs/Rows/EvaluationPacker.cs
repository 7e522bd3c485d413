using System.Runtime.InteropServices;

namespace SpeechGan.Runs.Rows;

/// <summary>Makes blocks of evaluations, from records in memory or from what <see cref="EvaluationLine"/> reads of a line.</summary>
internal sealed class EvaluationPacker(NameTable names, NameSets sets, Action<EvaluationBlock> full)
{
    private const int MostLines = 256,
        MostNumbers = 8192;

    private readonly List<EvaluationCells> lines = [];
    private readonly List<double> numbers = [];
    private readonly List<int> texts = [];
    private (int Numbers, int Texts) before;

    /// <summary>Names of the record.</summary>
    public NameTable Names => names;

    /// <summary>Sets of names of the record.</summary>
    public NameSets Sets => sets;

    /// <summary>Cells of a line without any value.</summary>
    public EvaluationCells Begin()
    {
        before = (numbers.Count, texts.Count);
        return new EvaluationCells { Unavailable = sets.Of([]), Sources = -1 };
    }

    /// <summary>Forgets what was added since <see cref="Begin"/>.</summary>
    public void TakeBack()
    {
        CollectionsMarshal.SetCount(numbers, before.Numbers);
        CollectionsMarshal.SetCount(texts, before.Texts);
    }

    /// <summary>Adds numbers and tells where the first lies.</summary>
    public int Add(ReadOnlySpan<double> numbers)
    {
        var first = this.numbers.Count;
        this.numbers.AddRange(numbers);
        return first;
    }

    /// <summary>Adds texts by their places in the names and tells where the first lies.</summary>
    public int Add(ReadOnlySpan<int> texts)
    {
        var first = this.texts.Count;
        this.texts.AddRange(texts);
        return first;
    }

    /// <summary>Ends the line that is being made.</summary>
    public void End(in EvaluationCells cells)
    {
        lines.Add(cells);
        if (lines.Count >= MostLines || numbers.Count >= MostNumbers || texts.Count >= MostNumbers)
            Flush();
    }

    /// <summary>Hands out what is left.</summary>
    public void Flush()
    {
        if (lines.Count > 0)
        {
            full(new EvaluationBlock([.. lines], [.. numbers], [.. texts]));
            lines.Clear();
            numbers.Clear();
            texts.Clear();
        }
    }

    /// <summary>Adds a whole evaluation.</summary>
    public void Add(UtteranceEvaluation line)
    {
        var cells = Begin();
        (cells.Epoch, cells.Split, cells.Name) = (line.Epoch, names.Place(line.Split), names.Place(line.Name));
        (cells.CutStart, cells.CutLength) = (line.CutStart, line.CutLength);
        cells.Metrics = sets.Of([.. line.Metrics.Keys.Select(names.Place)]);
        cells.FirstMetric = Add([.. line.Metrics.Values]);
        (cells.Unavailable, cells.FirstUnavailable) = Texts(line.Unavailable);
        if (line.Sources is { } sources)
            (cells.Sources, cells.FirstSource) = Texts(sources);

        End(cells);
    }

    private (int Set, int First) Texts(IReadOnlyDictionary<string, string> texts) =>
        (sets.Of([.. texts.Keys.Select(names.Place)]), Add((int[])[.. texts.Values.Select(names.Place)]));
}
