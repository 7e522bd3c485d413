using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace SpeechGan.Tests.Unit.Training;

/// <summary>
/// Files as Python's <c>torch.save</c> writes them: a zip of <c>archive/data.pkl</c> (protocol 2) and <c>archive/data/N</c>. Written here
/// opcode by opcode, so that no Python is needed and what an attacker would write can be written too.
/// </summary>
internal sealed class PickleFile
{
    private readonly MemoryStream pickle = new();
    private readonly List<byte[]> storages = [];

    public PickleFile() => pickle.Write([0x80, 2]);

    /// <summary>A dictionary; what is written inside is keys and values in turns.</summary>
    public PickleFile Dictionary(Action<PickleFile> items)
    {
        Op("}(");
        items(this);
        return Op("u");
    }

    public PickleFile Text(string text)
    {
        pickle.WriteByte((byte)'X');
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, Encoding.UTF8.GetByteCount(text));
        pickle.Write(length);
        pickle.Write(Encoding.UTF8.GetBytes(text));
        return this;
    }

    public PickleFile Number(int number)
    {
        pickle.WriteByte((byte)'J');
        pickle.Write(BitConverter.GetBytes(number));
        return this;
    }

    /// <summary>Name of a class or function.</summary>
    public PickleFile Global(string module, string name) => Op($"c{module}\n{name}\n");

    /// <summary>A tensor as torch._utils._rebuild_tensor_v2 makes it.</summary>
    public PickleFile Tensor(float[] values, params int[] shape) =>
        View(values, 0, shape, [.. shape.Select((_, i) => shape.Skip(i + 1).Aggregate(1, (a, b) => a * b))]);

    /// <summary>A tensor that is a view of its storage.</summary>
    public PickleFile View(float[] values, int offset, int[] shape, int[] strides)
    {
        Global("torch._utils", "_rebuild_tensor_v2")
            .Op("((")
            .Text("storage")
            .Global("torch", "FloatStorage")
            .Text($"{storages.Count}")
            .Text("cpu")
            .Number(values.Length)
            .Op("tQ")
            .Number(offset)
            .Op("(");
        foreach (var axis in shape)
            Number(axis);
        Op("t(");
        foreach (var stride in strides)
            Number(stride);
        storages.Add([.. values.SelectMany(BitConverter.GetBytes)]);
        return Op("t\u0089").Global("collections", "OrderedDict").Op(")RtR");
    }

    public PickleFile Op(string opcodes)
    {
        pickle.Write(Encoding.Latin1.GetBytes(opcodes));
        return this;
    }

    /// <summary>The file's bytes.</summary>
    public byte[] Bytes(CompressionLevel level = CompressionLevel.NoCompression)
    {
        var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add("archive/data.pkl", [.. pickle.ToArray(), (byte)'.']);
            Add("archive/byteorder", "little"u8.ToArray());
            for (var i = 0; i < storages.Count; i++)
                Add($"archive/data/{i}", storages[i]);
            Add("archive/version", "3\n"u8.ToArray());

            void Add(string name, byte[] bytes)
            {
                using var entry = zip.CreateEntry(name, level).Open();
                entry.Write(bytes);
            }
        }

        return file.ToArray();
    }
}
