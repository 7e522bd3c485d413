namespace SpeechGan.Runs;

/// <summary>A checkpoint read from the disk, every part checked against size and SHA-256.</summary>
/// <param name="Name">Its place in the run.</param>
/// <param name="Path">Its folder.</param>
/// <param name="Best">The best checkpoint when it was made; null where none was judged.</param>
/// <param name="Parts">Bytes by file name, for example <c>generator.safetensors</c>, <c>state.json</c>.</param>
public sealed record Checkpoint(
    CheckpointName Name,
    string Path,
    CheckpointName? Best,
    IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Parts
)
{
    /// <summary>A part by its file name.</summary>
    /// <exception cref="RunFolderException">The checkpoint has no such part.</exception>
    public ReadOnlyMemory<byte> Part(string name) =>
        Parts.TryGetValue(name, out var bytes)
            ? bytes
            : throw new RunFolderException(
                $"Checkpoint '{Path}' has no part '{name}'; it has {string.Join(", ", Parts.Keys)}. It was made by another version, or "
                    + $"for another purpose.",
                Path,
                RunFolderException.BadUsage
            );
}

/// <summary>A checkpoint that cannot be used.</summary>
/// <param name="Name">Name of its folder.</param>
/// <param name="Sentence">What is wrong with it, and what is used in its place.</param>
public sealed record CheckpointProblem(string Name, string Sentence);

/// <summary>What looking for a checkpoint gave.</summary>
/// <param name="Found">The one to use; null where there is none.</param>
/// <param name="Problems">Those that were passed over, newest first.</param>
public sealed record CheckpointSearch(Checkpoint? Found, IReadOnlyList<CheckpointProblem> Problems);
