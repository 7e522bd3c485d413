namespace SpeechGan.Runs;

/// <summary>Reads one checkpoint and takes nothing on trust.</summary>
internal static class CheckpointReader
{
    /// <summary>The checkpoint in a folder, or what is wrong with it.</summary>
    public static (Checkpoint? Sound, string? Damage) Read(IRunStorage storage, string folder)
    {
        try
        {
            return Check(storage, folder);
        }
        catch (Exception e) when (RunFolderException.IsStorage(e))
        {
            return (null, $"it cannot be read ({e.Message.TrimEnd('.')})");
        }
    }

    private static (Checkpoint? Sound, string? Damage) Check(IRunStorage storage, string folder)
    {
        if (!storage.FolderExists(folder))
            return (null, storage.FileExists(folder) ? "it is a file instead of a folder" : "it is missing");

        var (bytes, damage) = Bytes(storage, folder, CheckpointManifest.FileName);
        if (bytes is null)
            return (null, damage);

        if (CheckpointManifest.Decode(bytes) is not { } manifest)
            return (null, $"{CheckpointManifest.FileName} is not as it was written");

        if (manifest.Name != Path.GetFileName(folder) || CheckpointName.TryParse(manifest.Name) is not { } name)
            return (null, $"{CheckpointManifest.FileName} is that of '{manifest.Name}'");

        var parts = new OrderedDictionary<string, ReadOnlyMemory<byte>>();
        foreach (var part in manifest.Parts)
        {
            (bytes, damage) = Bytes(storage, folder, part.Name);
            if (bytes is null)
                return (null, damage);

            if (bytes.Length != part.Size)
                return (null, $"{part.Name} has {bytes.Length} bytes instead of {part.Size}");

            if (CheckpointManifest.Hash(bytes) != part.Sha256)
                return (null, $"{part.Name} has a SHA-256 mismatch: it was changed or damaged after it was written");

            parts[part.Name] = bytes;
        }

        return (new Checkpoint(name, folder, manifest.Best is null ? null : CheckpointName.TryParse(manifest.Best), parts), null);
    }

    private static (byte[]? Bytes, string? Damage) Bytes(IRunStorage storage, string folder, string name)
    {
        var path = Path.Combine(folder, name);
        return storage.FileExists(path)
            ? (storage.Read(path), null)
            : (null, storage.FolderExists(path) ? $"{name} is a folder instead of a file" : $"{name} is missing");
    }
}
