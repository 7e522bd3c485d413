using System.Globalization;
using System.Text;

namespace SpeechGan.Import;

/// <summary>A text file as lines, numbered from 1: UTF-8 with or without a mark, UTF-16 with one (PowerShell's redirection), any line
/// end.</summary>
/// <param name="Name">Name of the file, for places and sentences.</param>
/// <param name="Path">Full path.</param>
/// <param name="Text">Its text without the mark.</param>
internal sealed record SourceText(string Name, string Path, string Text)
{
    /// <summary>Lines without their ends. A carriage return alone begins a line of a progress bar over again and counts as no line
    /// end.</summary>
    public string[] Lines { get; } = Text.Split('\n');

    /// <summary>Decodes a file's bytes.</summary>
    /// <exception cref="ImportException">It is empty, or no text.</exception>
    public static SourceText Of(string name, string path, byte[] bytes)
    {
        if (bytes.Length == 0)
            throw new ImportException(
                $"'{name}' is empty; a log, a table or an event file was expected. Give the file that the trainer " + $"wrote.",
                path
            );

        Encoding encoding =
            bytes is [0xFF, 0xFE, ..] ? Encoding.Unicode
            : bytes is [0xFE, 0xFF, ..] ? Encoding.BigEndianUnicode
            : Encoding.UTF8;
        var text = encoding.GetString(bytes).TrimStart('\uFEFF');
        if (text.Contains('\0', StringComparison.Ordinal) || text.Count(c => c == '\uFFFD') > text.Length / 50)
            throw new ImportException(
                $"'{name}' is a binary file; a text log, a table (CSV, JSON lines) or a TensorBoard event file "
                    + $"was expected. Give the file that the trainer wrote.",
                path
            );

        return string.IsNullOrWhiteSpace(text)
            ? throw new ImportException(
                $"'{name}' holds blanks alone; a log, a table or an event file was expected. Give the file that " + $"the trainer wrote.",
                path
            )
            : new SourceText(name, path, text);
    }

    /// <summary>Where a line stands.</summary>
    public string At(int line) => string.Create(CultureInfo.InvariantCulture, $"{Name}:{line}");
}
