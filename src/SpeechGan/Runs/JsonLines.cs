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

    /// <summary>Reads all whole lines; a line that cannot be read is left out and named in <paramref name="problems"/>.</summary>
    public static IReadOnlyList<T> Read<T>(IRunStorage storage, string path, List<string> problems)
    {
        return storage.FileExists(path) ? Read<T>(storage.Read(path), path, problems) : [];
    }

    /// <summary>The same of a file's bytes.</summary>
    public static IReadOnlyList<T> Read<T>(ReadOnlySpan<byte> bytes, string path, List<string> problems)
    {
        var records = new List<T>();
        var rest = bytes;
        for (var number = 1; rest.IndexOf((byte)'\n') is >= 0 and var end; number++)
        {
            var line = rest[..end];
            rest = rest[(end + 1)..];
            try
            {
                var record = JsonSerializer.Deserialize<T>(line, RunJson.Line) ?? throw new JsonException("null is no record");
                RunJson.RefuseNullInLists(line);
                records.Add(record);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or DecoderFallbackException)
            {
                problems.Add(
                    $"'{path}', line {number}: this is no {typeof(T).Name} and was left out ({e.Message.Split('\n')[0].Trim()}). The "
                        + $"other lines were read."
                );
            }
        }

        return records;
    }

    /// <summary>Length up to the last whole line, in bytes.</summary>
    public static long WholeLength(IRunStorage storage, string path) =>
        storage.FileExists(path) ? storage.Read(path).AsSpan().LastIndexOf((byte)'\n') + 1 : 0;
}
