using System.Text.Json;
using SpeechGan.Runs;

namespace SpeechGan.Goldens;

/// <summary>What a person says when approving.</summary>
public sealed record ApprovalRequest
{
    /// <summary>Who approves.</summary>
    public required string By { get; init; }

    /// <summary>Why the change is right.</summary>
    public required string Reason { get; init; }

    /// <summary>Now, UTC.</summary>
    public required DateTimeOffset When { get; init; }

    /// <summary>Whether the trajectory may be further from the first approved one than the tolerances allow: it becomes what drift is
    /// measured from.</summary>
    public bool AcceptDrift { get; init; }

    /// <summary>SHA-256 of the received file that was looked at; null: whatever lies there.</summary>
    public string? Seen { get; init; }
}

/// <summary>One approval: a line of <c>NAME.history.jsonl</c>.</summary>
public sealed record GoldenApproval
{
    /// <summary>Number of the approval, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset When { get; init; }

    /// <summary>By whom.</summary>
    public required string By { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>SHA-256 of the approved file.</summary>
    public required string Digest { get; init; }

    /// <summary>SHA-256 of the file it replaced; absent for the first.</summary>
    public string? Replaced { get; init; }

    /// <summary>Whether drift from the anchor before was accepted.</summary>
    public bool AcceptedDrift { get; init; }

    /// <summary>Text of the golden that drift is measured from, where it is another than before: in the first approval, and where drift was
    /// accepted.</summary>
    public string? Anchor { get; init; }

    /// <summary>SHA-256 of the line before; absent for the first.</summary>
    public string? Previous { get; init; }

    /// <summary>The line, with its line feed.</summary>
    internal string Line() => JsonSerializer.Serialize(this, RunJson.Line) + "\n";
}
