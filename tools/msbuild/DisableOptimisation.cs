using System;
using System.IO;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Copies a .NET assembly and sets DebuggingModes.Default and DisableOptimizations in its DebuggableAttribute: its methods are then
/// compiled so that arguments live to the end of each.
/// (The runtime heeds the second only beside the first.) Compiled by MSBuild (KeepTorchSharpArguments.targets).
/// </summary>
public sealed class DisableOptimisation : Task
{
    private const int Default = 0x001,
        DisableOptimizations = 0x100;

    // The attribute's value in the metadata's blob heap (ECMA-335, II.23.3): its length, the prolog 1, the modes
    // IgnoreSymbolStoreSequencePoints, no named arguments.
    private static readonly byte[] Value = { 8, 1, 0, 2, 0, 0, 0, 0, 0 };

    /// <summary>The assembly as it is.</summary>
    [Required]
    public string Source { get; set; }

    /// <summary>Where its copy goes.</summary>
    [Required]
    public string Target { get; set; }

    /// <inheritdoc/>
    public override bool Execute()
    {
        try
        {
            byte[] file = File.ReadAllBytes(Source);
            int at = Find(file, 0),
                second = at < 0 ? -1 : Find(file, at + 1);
            if (at < 0 || second >= 0)
                return Refuse(
                    "SPEECHGAN011",
                    "'"
                        + Source
                        + "' holds the value of a DebuggableAttribute for optimised code "
                        + (at < 0 ? "nowhere" : "more than once")
                        + "; expected one. "
                        + "If this version of the package keeps its Scalars alive during native calls, drop "
                        + "tools/msbuild/KeepTorchSharpArguments.targets; else find its attribute anew."
                );
            int modes = BitConverter.ToInt32(file, at + 3) | Default | DisableOptimizations;
            BitConverter.GetBytes(modes).CopyTo(file, at + 3);
            Write(file);
        }
        catch (Exception e) when (e is IOException || e is UnauthorizedAccessException)
        {
            Refuse("SPEECHGAN012", "'" + Source + "' could not be copied to '" + Target + "': " + e.Message);
        }
        return !Log.HasLoggedErrors;
    }

    private static int Find(byte[] file, int from)
    {
        for (int at = from; at <= file.Length - Value.Length; at++)
        {
            int k = 0;
            while (k < Value.Length && file[at + k] == Value[k])
                k++;
            if (k == Value.Length)
                return at;
        }
        return -1;
    }

    // Written aside and renamed: projects and configurations build at the same time, and a build can be stopped at any point.
    private void Write(byte[] file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Target));
        string aside = Target + "." + Guid.NewGuid().ToString("N");
        File.WriteAllBytes(aside, file);
        try
        {
            File.Move(aside, Target);
        }
        catch (IOException) when (File.Exists(Target))
        {
            File.Delete(aside); // another build was first, with the same bytes
        }
        Log.LogMessage(MessageImportance.Normal, "{0}: not optimised, in this copy of {1}", Target, Source);
    }

    private bool Refuse(string code, string sentence)
    {
        Log.LogError(null, code, null, null, 0, 0, 0, 0, "{0}", sentence);
        return false;
    }
}
