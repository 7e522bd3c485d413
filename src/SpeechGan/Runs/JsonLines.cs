using System.Text;
using System.Text.Json;

namespace SpeechGan.Runs;

/// <summary>One JSON record a line. A line counts once its line feed is there: a torn last line is passed over by readers and removed by
/// writers.</summary>
internal static class JsonLines
{
    public static byte[] Encode<T>(IEnumerable<T> records)
    {
        using var stream = new MemoryStream();
        foreach (var record in records)
        {
            try
            {
                JsonSerializer.Serialize(stream, record, RunJson.Line);
            }
            catch (ArgumentException e)
            {
                // System.Text.Json refuses NaN and infinity.
                throw new ArgumentException(
                    $"A {typeof(T).Name} holds NaN or infinity, which is never a measurement: leave the value out and name the reason "
                        + $"under Unavailable.",
                    e
                );
            }

            stream.WriteByte((byte)'\n');
        }

        return stream.ToArray();
    }

    /// <summary>Reads all whole lines of a record, plain or compressed; a line that cannot be read is left out and named in
    /// <paramref name="problems"/>.</summary>
    public static IReadOnlyList<T> Read<T>(IRunStorage storage, string path, List<string> problems)
    {
        if (RecordFile.Find(storage, path) is not { } found)
            return [];

        var records = new List<T>();
        Visit(RecordFile.Open(storage, found), found, problems, (line, number, _) =>
        {
            if (Parse<T>(line, found, number, problems) is { } record)
                records.Add(record);
        });
        return records;
    }

    /// <summary>The same of a file's bytes.</summary>
    public static IReadOnlyList<T> Read<T>(byte[] bytes, string path, List<string> problems)
    {
        var records = new List<T>();
        Visit(new MemoryStream(bytes, writable: false), path, problems, (line, number, _) =>
        {
            if (Parse<T>(line, path, number, problems) is { } record)
                records.Add(record);
        });
        return records;
    }

    /// <summary>What is done with a line.</summary>
    /// <param name="line">The line without its line feed.</param>
    /// <param name="number">From 1.</param>
    /// <param name="offset">Where it begins.</param>
    public delegate void LineVisitor(ReadOnlySpan<byte> line, int number, long offset);

    /// <summary>Goes through all whole lines of a stream and closes it. Compressed text that is damaged is read up to there, and the damage
    /// is named in <paramref name="problems"/>.</summary>
    public static void Visit(Stream stream, string path, List<string> problems, LineVisitor visit)
    {
        using var lines = new LineStream(stream);
        var number = 0;
        try
        {
            while (lines.TryNext(out var line, out var offset))
            {
                number++;
                visit(line, number, offset);
            }
        }
        catch (InvalidDataException e)
        {
            problems.Add(
                $"'{path}' is damaged after line {number} ({e.Message.TrimEnd('.')}): the lines after it were not read. Restore the file."
            );
        }
    }

    /// <summary>The record of a line; null where it is none, which is named in <paramref name="problems"/>.</summary>
    public static T? Parse<T>(ReadOnlySpan<byte> line, string path, int number, List<string> problems)
    {
        try
        {
            var record = JsonSerializer.Deserialize<T>(line, RunJson.Line) ?? throw new JsonException("null is no record");
            RunJson.RefuseNullInLists(line);
            return record;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            problems.Add(
                $"'{path}', line {number}: this is not a valid {typeof(T).Name} and was left out ({e.Message.Split('\n')[0].Trim()}). The "
                    + $"other lines were read."
            );
            return default;
        }
    }

    /// <summary>Length up to the last whole line, in bytes: looked for from the end.</summary>
    public static long WholeLength(IRunStorage storage, string path)
    {
        if (!storage.FileExists(path))
            return 0;

        using var stream = storage.OpenRead(path);
        var part = new byte[1 << 16];
        for (var end = stream.Length; end > 0; )
        {
            var begin = Math.Max(0, end - part.Length);
            stream.Seek(begin, SeekOrigin.Begin);
            var own = part.AsSpan(0, (int)(end - begin));
            stream.ReadExactly(own);
            if (own.LastIndexOf((byte)'\n') is >= 0 and var last)
                return begin + last + 1;

            end = begin;
        }

        return 0;
    }
}
