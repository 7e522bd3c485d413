using SpeechGan.Distributed;
using SpeechGan.Runs;

namespace SpeechGan.Training;

/// <summary>A checkpoint that rank 0 read, on every rank: the others need not see its disk.</summary>
internal static class SharedCheckpoint
{
    /// <summary>Rank 0's checkpoint on every rank; null on all where it has none.</summary>
    /// <param name="group">The processes of the run.</param>
    /// <param name="mine">What rank 0 found; ignored on the others.</param>
    /// <exception cref="GroupException">A rank is gone.</exception>
    public static Checkpoint? OfFirst(IProcessGroup group, Checkpoint? mine)
    {
        if (group.Size == 1)
            return mine;
        var bytes = group.OfFirst(group.Rank == 0 && mine is not null ? Pack(mine) : []);
        if (bytes.Length == 0)
            return null;
        if (group.Rank == 0)
            return mine;
        return Unpack(bytes);
    }

    private static byte[] Pack(Checkpoint checkpoint)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(checkpoint.Name.ToString());
        writer.Write(checkpoint.Path);
        writer.Write(checkpoint.Best?.ToString() ?? "");
        writer.Write(checkpoint.Parts.Count);
        foreach (var (name, part) in checkpoint.Parts)
        {
            writer.Write(name);
            writer.Write(part.Length);
            writer.Write(part.Span);
        }
        writer.Flush();
        return stream.ToArray();
    }

    private static Checkpoint Unpack(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        var name = CheckpointName.TryParse(reader.ReadString())!;
        var path = reader.ReadString();
        var best = CheckpointName.TryParse(reader.ReadString());
        var parts = new Dictionary<string, ReadOnlyMemory<byte>>();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var part = reader.ReadString();
            parts[part] = reader.ReadBytes(reader.ReadInt32());
        }
        return new Checkpoint(name, path, best, parts);
    }
}
