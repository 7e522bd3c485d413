using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SpeechGan.Runs;

/// <summary>A file of named tensors (safetensors: 8-byte little-endian header length, JSON header, raw data).</summary>
/// <param name="Tensors">Tensors by name, in the order of their data.</param>
/// <param name="Metadata">Texts of <c>__metadata__</c>, by name.</param>
public sealed record SafetensorsFile(IReadOnlyDictionary<string, TensorEntry> Tensors, IReadOnlyDictionary<string, string> Metadata);

/// <summary>Reads and writes safetensors. The reader takes nothing on trust: every byte of the data belongs to exactly one
/// tensor.</summary>
public static class Safetensors
{
    private const int LengthBytes = 8;
    private const int LongestHeader = 100_000_000; // the format's own limit
    private const int Alignment = 8;
    private const string MetadataName = "__metadata__";

    /// <summary>Reads a file.</summary>
    /// <exception cref="SafetensorsException">It cannot be read or is not sound.</exception>
    public static SafetensorsFile Load(string path)
    {
        try
        {
            return Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SafetensorsException(path, $"it cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads bytes, which the tensors share.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="source">Name for the sentences.</param>
    /// <exception cref="SafetensorsException">They are not sound.</exception>
    public static SafetensorsFile Parse(ReadOnlyMemory<byte> bytes, string source)
    {
        if (bytes.Length < LengthBytes)
            throw new SafetensorsException(
                source,
                $"it has {bytes.Length} bytes; a safetensors file has at least {LengthBytes}. It is empty or was cut off."
            );

        var length = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span);
        if (length > LongestHeader)
            throw new SafetensorsException(
                source,
                $"its header is said to have {length} bytes; allowed are at most {LongestHeader}. It is not a safetensors file, or is "
                    + $"damaged."
            );

        if (length > (ulong)(bytes.Length - LengthBytes))
            throw new SafetensorsException(
                source,
                $"its header is said to have {length} bytes, but only {bytes.Length - LengthBytes} follow. It was cut off."
            );

        var header = bytes.Slice(LengthBytes, (int)length);
        try
        {
            using var document = JsonDocument.Parse(header, new JsonDocumentOptions { MaxDepth = 8 });
            return new Reader(source, bytes[(LengthBytes + (int)length)..]).Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            throw new SafetensorsException(source, $"its header is not valid JSON: {e.Message}", e);
        }
    }

    /// <summary>The bytes of a file. Equal contents give equal bytes: metadata and tensors stand in ordinal order of their names.</summary>
    /// <param name="tensors">Tensors by name; a name is not empty and not <c>__metadata__</c>.</param>
    /// <param name="metadata">Texts by name; null: none.</param>
    /// <exception cref="ArgumentException">A name is not allowed.</exception>
    public static byte[] Write(IReadOnlyDictionary<string, TensorEntry> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var ordered = tensors.OrderBy(t => t.Key, StringComparer.Ordinal).ToList();
        using var header = new MemoryStream();
        long offset = 0;
        using (var json = new Utf8JsonWriter(header, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(MetadataName);
                foreach (var (name, text) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
                {
                    json.WriteString(name, text);
                }

                json.WriteEndObject();
            }

            foreach (var (name, tensor) in ordered)
            {
                if (name is "" or MetadataName)
                    throw new ArgumentException($"A tensor cannot be named '{name}'.", nameof(tensors));

                json.WriteStartObject(name);
                json.WriteString("dtype", Word(tensor.Type));
                json.WriteStartArray("shape");
                foreach (var axis in tensor.Shape)
                    json.WriteNumberValue(axis);

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.Bytes.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (header.Length % Alignment != 0)
            header.WriteByte((byte)' ');

        var bytes = new byte[LengthBytes + header.Length + offset];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)header.Length);
        header.GetBuffer().AsSpan(0, (int)header.Length).CopyTo(bytes.AsSpan(LengthBytes));
        var at = LengthBytes + (int)header.Length;
        foreach (var (_, tensor) in ordered)
        {
            tensor.Bytes.Span.CopyTo(bytes.AsSpan(at));
            at += tensor.Bytes.Length;
        }

        return bytes;
    }

    private static string Word(TensorType type) => type == TensorType.Bool ? "BOOL" : type.ToString();

    private sealed class Reader(string source, ReadOnlyMemory<byte> data)
    {
        private static readonly string[] Fields = ["dtype", "shape", "data_offsets"];

        public SafetensorsFile Read(JsonElement header)
        {
            if (header.ValueKind != JsonValueKind.Object)
                throw new SafetensorsException(source, "its header is not a JSON object.");

            IReadOnlyDictionary<string, string> metadata = new Dictionary<string, string>();
            var found = new List<(string Name, long Start, long End, TensorType Type, long[] Shape)>();
            var names = new HashSet<string>();
            foreach (var property in header.EnumerateObject())
            {
                if (!names.Add(property.Name))
                    throw new SafetensorsException(source, $"the name '{property.Name}' is in its header twice.");

                if (property.Name == MetadataName)
                    metadata = Metadata(property.Value);
                else
                    found.Add(Entry(property.Name, property.Value));
            }

            return new SafetensorsFile(Tensors(found), metadata);
        }

        private OrderedDictionary<string, TensorEntry> Tensors(
            List<(string Name, long Start, long End, TensorType Type, long[] Shape)> found
        )
        {
            long at = 0;
            var before = "the start of the data";
            var tensors = new OrderedDictionary<string, TensorEntry>();
            foreach (var (name, start, end, type, shape) in found.OrderBy(e => e.Start).ThenBy(e => e.End))
            {
                if (start != at)
                {
                    var how = start < at ? "overlaps" : "leaves a gap after";
                    throw new SafetensorsException(
                        source,
                        $"tensor '{name}' starts at byte {start} and {how} {before}, which ends at {at}; every byte belongs to one tensor."
                    );
                }

                tensors[name] = new TensorEntry(type, shape, data.Slice((int)start, (int)(end - start)));
                (at, before) = (end, $"tensor '{name}'");
            }

            if (at != data.Length)
                throw new SafetensorsException(
                    source,
                    $"its tensors end at byte {at} of the data, but {data.Length} bytes are there; {data.Length - at} were appended."
                );

            return tensors;
        }

        private (string Name, long Start, long End, TensorType Type, long[] Shape) Entry(string name, JsonElement json)
        {
            if (name.Length == 0)
                throw new SafetensorsException(source, "a tensor in its header has an empty name.");

            if (json.ValueKind != JsonValueKind.Object || !json.EnumerateObject().Select(p => p.Name).Order().SequenceEqual(Fields.Order()))
                throw new SafetensorsException(source, $"tensor '{name}' needs exactly the fields {string.Join(", ", Fields)}.");

            var word = json.GetProperty("dtype");
            var type =
                word.ValueKind == JsonValueKind.String
                    ? Enum.GetValues<TensorType>().Cast<TensorType?>().FirstOrDefault(t => Word(t!.Value) == word.GetString())
                    : null;
            if (type is null)
                throw new SafetensorsException(
                    source,
                    $"tensor '{name}' has dtype {word.GetRawText()}; known are "
                        + $"{string.Join(", ", Enum.GetValues<TensorType>().Select(Word))}."
                );

            var shape = Numbers(name, "shape", json.GetProperty("shape"));
            var offsets = Numbers(name, "data_offsets", json.GetProperty("data_offsets"));
            if (offsets.Length != 2 || offsets[0] > offsets[1])
                throw new SafetensorsException(
                    source,
                    $"tensor '{name}' has data_offsets [{string.Join(", ", offsets)}]; allowed are a start and an end after it."
                );

            if (offsets[1] > data.Length)
                throw new SafetensorsException(
                    source,
                    $"tensor '{name}' ends at byte {offsets[1]} of the data, but only {data.Length} bytes are there. The file was cut off."
                );

            var expected = TensorEntry.ByteLength(type.Value, shape);
            if (expected != offsets[1] - offsets[0])
                throw new SafetensorsException(
                    source,
                    $"tensor '{name}' is {Word(type.Value)} [{string.Join(", ", shape)}] = {expected?.ToString() ?? "too many"} bytes, "
                        + $"but its data_offsets span {offsets[1] - offsets[0]}."
                );

            return (name, offsets[0], offsets[1], type.Value, shape);
        }

        private long[] Numbers(string name, string field, JsonElement json)
        {
            if (json.ValueKind == JsonValueKind.Array)
            {
                var numbers = json.EnumerateArray()
                    .Select(n => n.ValueKind == JsonValueKind.Number && n.TryGetInt64(out var number) && number >= 0 ? number : -1)
                    .ToArray();
                if (!numbers.Contains(-1))
                    return numbers;
            }

            throw new SafetensorsException(
                source,
                $"{field} of tensor '{name}' is {Short(json.GetRawText())}; allowed is a list of whole numbers of at least 0."
            );
        }

        private Dictionary<string, string> Metadata(JsonElement json)
        {
            if (json.ValueKind != JsonValueKind.Object || json.EnumerateObject().Any(p => p.Value.ValueKind != JsonValueKind.String))
                throw new SafetensorsException(source, $"{MetadataName} in its header must hold texts by name.");

            var texts = new Dictionary<string, string>();
            foreach (var property in json.EnumerateObject())
            {
                if (!texts.TryAdd(property.Name, property.Value.GetString()!))
                    throw new SafetensorsException(source, $"the name '{property.Name}' is in its {MetadataName} twice.");
            }

            return texts;
        }

        private static string Short(string text) => text.Length <= 60 ? text : text[..57] + "...";
    }
}
