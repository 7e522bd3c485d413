using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Copies a 64-bit ELF file and makes its need of one symbol version weak (VER_FLG_WEAK): the loader then goes on where the version is
/// missing. Refused where a relocation names a symbol of that version, because the program would end when it is bound. Compiled by MSBuild
/// (WeakenTorchSharp.targets).
/// </summary>
public sealed class WeakenElfVersion : Task
{
    private const uint Rela = 4,
        DynamicSymbols = 11,
        VersionNeeds = 0x6ffffffe,
        SymbolVersions = 0x6fffffff;
    private const int Weak = 2;

    /// <summary>The file as it is.</summary>
    [Required]
    public string Source { get; set; }

    /// <summary>Where its copy goes.</summary>
    [Required]
    public string Target { get; set; }

    /// <summary>The version whose need becomes weak.</summary>
    [Required]
    public string Version { get; set; }

    /// <inheritdoc/>
    public override bool Execute()
    {
        try
        {
            byte[] file = File.ReadAllBytes(Source);
            if (Weaken(file))
                Write(file);
        }
        catch (Exception e) when (e is ArgumentException || e is IndexOutOfRangeException)
        {
            Refuse(
                "SPEECHGAN001",
                "'" + Source + "' is truncated or not an ELF file. Remove its package from the package " + "cache and restore again."
            );
        }
        catch (Exception e) when (e is IOException || e is UnauthorizedAccessException)
        {
            Refuse("SPEECHGAN004", "'" + Source + "' could not be copied to '" + Target + "': " + e.Message);
        }
        return !Log.HasLoggedErrors;
    }

    private bool Weaken(byte[] file)
    {
        if (file.Length < 64 || BitConverter.ToUInt32(file, 0) != 0x464c457f || file[4] != 2 || file[5] != 1)
            return Refuse(
                "SPEECHGAN001",
                "'" + Source + "' is no 64-bit little-endian ELF file. Remove its package from the package " + "cache and restore again."
            );
        var sections = Sections(file);
        var needs = sections
            .Where(s => s.Type == VersionNeeds)
            .SelectMany(s => Needs(file, s, sections[s.Link]))
            .Where(n => n.Name == Version)
            .ToList();
        if (needs.Count != 1 || (file[needs[0].Flags] & Weak) != 0)
            return Refuse(
                "SPEECHGAN002",
                "'"
                    + Source
                    + "' asks for "
                    + Version
                    + " in "
                    + needs.Count
                    + " places"
                    + (needs.Count == 1 ? ", weakly" : "")
                    + "; expected one that is not weak. "
                    + "If this version of the package runs on Debian 12 and Ubuntu 22.04 as it is, drop "
                    + "tools/msbuild/WeakenTorchSharp.targets; if it asks for another version there, name that one in it."
            );
        var used = Used(file, sections, needs[0].Index);
        if (used > 0)
            return Refuse(
                "SPEECHGAN003",
                "'"
                    + Source
                    + "' uses "
                    + used
                    + " symbols of "
                    + Version
                    + ", so that it cannot run without "
                    + "that version: a weak need would only move the failure."
            );
        file[needs[0].Flags] |= Weak;
        return true;
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
        Log.LogMessage(MessageImportance.Normal, "{0}: the need of {1} is weak in this copy of {2}", Target, Version, Source);
    }

    private bool Refuse(string code, string sentence)
    {
        Log.LogError(null, code, null, null, 0, 0, 0, 0, "{0}", sentence);
        return false;
    }

    private static List<Section> Sections(byte[] file)
    {
        var found = new List<Section>();
        long at = BitConverter.ToInt64(file, 0x28);
        for (int i = 0; i < BitConverter.ToUInt16(file, 0x3c); i++, at += 64)
            found.Add(
                new Section
                {
                    Type = BitConverter.ToUInt32(file, (int)at + 4),
                    Offset = (int)BitConverter.ToInt64(file, (int)at + 24),
                    Size = (int)BitConverter.ToInt64(file, (int)at + 32),
                    Link = (int)BitConverter.ToUInt32(file, (int)at + 40),
                }
            );
        return found;
    }

    // Elf64_Verneed: version, count, file, first auxiliary, next. Elf64_Vernaux: hash, flags, index, name, next.
    private static IEnumerable<Need> Needs(byte[] file, Section section, Section strings)
    {
        for (int at = section.Offset, next = -1; next != 0; at += next)
        {
            int count = BitConverter.ToUInt16(file, at + 2),
                one = at + BitConverter.ToInt32(file, at + 8);
            for (int k = 0; k < count; k++, one += BitConverter.ToInt32(file, one + 12))
            {
                int name = strings.Offset + BitConverter.ToInt32(file, one + 8);
                yield return new Need
                {
                    Name = Encoding.ASCII.GetString(file, name, Array.IndexOf(file, (byte)0, name) - name),
                    Flags = one + 4,
                    Index = BitConverter.ToUInt16(file, one + 6),
                };
            }
            next = BitConverter.ToInt32(file, at + 12);
        }
    }

    // Relocations that name a symbol of the version.
    private static int Used(byte[] file, List<Section> sections, int version)
    {
        var versions = sections.Single(s => s.Type == SymbolVersions);
        int used = 0;
        foreach (var section in sections.Where(s => s.Type == Rela && s.Link < sections.Count && sections[s.Link].Type == DynamicSymbols))
        {
            for (int at = section.Offset; at < section.Offset + section.Size; at += 24)
            {
                int symbol = (int)(BitConverter.ToUInt64(file, at + 8) >> 32);
                if ((BitConverter.ToUInt16(file, versions.Offset + (2 * symbol)) & 0x7fff) == version)
                    used++;
            }
        }
        return used;
    }

    private struct Section
    {
        public uint Type;
        public int Offset,
            Size,
            Link;
    }

    private struct Need
    {
        public string Name;
        public int Flags,
            Index;
    }
}
