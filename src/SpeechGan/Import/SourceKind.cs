namespace SpeechGan.Import;

/// <summary>Kinds of foreign records, by the words of <c>--from</c>.</summary>
public static class SourceKind
{
    /// <summary>Text log of the public CMGAN trainer.</summary>
    public const string Cmgan = "cmgan";

    /// <summary>TensorBoard's event files.</summary>
    public const string TensorBoard = Runs.ImportedFrom.EventFiles;

    /// <summary>Table with a line of names.</summary>
    public const string Csv = "csv";

    /// <summary>JSON object a line.</summary>
    public const string Jsonl = "jsonl";

    /// <summary>Folder that <c>tools/record.py</c> wrote.</summary>
    public const string Record = "record";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = Array.AsReadOnly([Cmgan, TensorBoard, Csv, Jsonl, Record]);

    /// <summary>The kind of a text; null where it is none that is known.</summary>
    internal static string? Of(SourceText text)
    {
        if (JsonTable.Knows(text))
            return Jsonl;
        if (CmganLog.Knows(text))
            return Cmgan;
        if (CsvTable.Knows(text))
            return Csv;
        return null;
    }
}
