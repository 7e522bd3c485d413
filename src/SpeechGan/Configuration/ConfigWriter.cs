using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SpeechGan.Configuration;

/// <summary>Writes all knobs as nested JSON, sections in declared order.</summary>
internal static class ConfigWriter
{
    public static string Write(RunConfig config)
    {
        using var stream = new MemoryStream();
        var options = new JsonWriterOptions
        {
            Indented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using (var writer = new Utf8JsonWriter(stream, options))
        {
            writer.WriteStartObject();
            string[] open = [];
            foreach (var knob in KnobTable.All)
            {
                var parts = knob.Key.Split('.');
                var shared = 0;
                while (shared < open.Length && shared < parts.Length - 1 && open[shared] == parts[shared])
                    shared++;

                for (var i = open.Length; i > shared; i--)
                    writer.WriteEndObject();

                open = parts[..^1];
                for (var i = shared; i < open.Length; i++)
                    writer.WriteStartObject(open[i]);

                KnobValue.Write(writer, parts[^1], knob.Get(config));
            }

            for (var i = 0; i <= open.Length; i++)
                writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }
}
