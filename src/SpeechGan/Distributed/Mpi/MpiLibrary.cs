using System.Runtime.InteropServices;
using System.Text;

namespace SpeechGan.Distributed.Mpi;

/// <summary>
/// The C interface of one MPI library, as far as it is used here. Open MPI's handles are addresses of exported symbols, MPICH's are
/// integers (its ABI is that of Intel MPI, MVAPICH, Cray and Microsoft MPI, too): both travel as a machine word. An integer is written into
/// the lower half of a word that was zero, which every supported processor (all little-endian) reads back as the same number.
/// </summary>
internal sealed unsafe class MpiLibrary
{
    private const int Success = 0;

    // MPI 3.1, appendix A: room for any text of the library.
    private const int LongestText = 8192;

    private readonly nint library;
    private readonly nint bytes,
        returnErrors,
        test;

    private MpiLibrary(nint library, string name)
    {
        (this.library, Name) = (library, name);
        if (NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out var world))
        {
            Family = MpiFamily.OpenMpi;
            (World, bytes, returnErrors) = (world, Address("ompi_mpi_byte"), Address("ompi_mpi_errors_return"));
        }
        else
        {
            // mpi.h of MPICH 3 and 4: fixed by the ABI agreement of its family.
            Family = MpiFamily.Mpich;
            (World, bytes, returnErrors) = (0x44000000, 0x4c00010d, 0x54000001);
        }
        test = Address("MPI_Test");
        Version = ReadVersion();
    }

    /// <summary>File name under which it was found.</summary>
    public string Name { get; }

    /// <summary>Which kind of handles it has.</summary>
    public MpiFamily Family { get; }

    /// <summary>What it says it is, in a line: `Open MPI v4.1.4`.</summary>
    public string Version { get; }

    /// <summary>All processes.</summary>
    public nint World { get; }

    /// <summary>Looks for a library; null where there is none.</summary>
    /// <param name="first">The family to prefer.</param>
    public static MpiLibrary? TryLoad(MpiFamily first)
    {
        // UCX, under some builds of Open MPI, would take SIGSEGV from .NET, which turns it into exceptions. A user's value goes first.
        LibcVariable.SetDefault("UCX_ERROR_SIGNALS", "");
        foreach (var name in MpiFiles.Names(first))
            if (NativeLibrary.TryLoad(name, out var library))
                return new MpiLibrary(library, name);
        return null;
    }

    /// <summary>Joins the others; from now on errors come as return codes.</summary>
    /// <exception cref="IOException">MPI refuses.</exception>
    public void Init()
    {
        // One call at a time, from any thread: a backward pass on a GPU runs on a thread of libtorch's.
        const int serialized = 2;
        int provided;
        Check(
            ((delegate* unmanaged<int*, byte***, int, int*, int>)Address("MPI_Init_thread"))(null, null, serialized, &provided),
            "MPI_Init_thread"
        );
        if (provided < serialized)
            throw new IOException($"{Version} was built without support for threads (MPI_THREAD_SERIALIZED)");
        ReturnErrors(World);
    }

    /// <summary>Leaves the others in peace. Waits for all.</summary>
    public void Finish() => Check(((delegate* unmanaged<int>)Address("MPI_Finalize"))(), "MPI_Finalize");

    /// <summary>Ends all processes of the job. Does not return where MPI can still do it.</summary>
    public void Abort(int code) => _ = ((delegate* unmanaged<nint, int, int>)Address("MPI_Abort"))(World, code);

    /// <summary>This process in a communicator.</summary>
    public int Rank(nint communicator) => Ask("MPI_Comm_rank", communicator);

    /// <summary>Processes in a communicator.</summary>
    public int Size(nint communicator) => Ask("MPI_Comm_size", communicator);

    /// <summary>A communicator of the same processes whose collectives have an order of their own. All ranks call it.</summary>
    public nint Duplicate(nint communicator)
    {
        nint copy = 0;
        Check(((delegate* unmanaged<nint, nint*, int>)Address("MPI_Comm_dup"))(communicator, &copy), "MPI_Comm_dup");
        ReturnErrors(copy);
        return copy;
    }

    /// <summary>Begins a broadcast of rank 0's bytes.</summary>
    public void Broadcast(byte* data, int count, nint communicator, nint* request) =>
        Check(
            ((delegate* unmanaged<void*, int, nint, int, nint, nint*, int>)Address("MPI_Ibcast"))(
                data,
                count,
                bytes,
                0,
                communicator,
                request
            ),
            "MPI_Ibcast"
        );

    /// <summary>Begins to give everybody the same number of bytes of everybody.</summary>
    public void AllGather(byte* mine, int count, byte* all, nint communicator, nint* request) =>
        Check(
            ((delegate* unmanaged<void*, int, nint, void*, int, nint, nint, nint*, int>)Address("MPI_Iallgather"))(
                mine,
                count,
                bytes,
                all,
                count,
                bytes,
                communicator,
                request
            ),
            "MPI_Iallgather"
        );

    /// <summary>Begins the same with a number of bytes for each rank. Counts and places must live until the end of the request.</summary>
    public void AllGather(byte* mine, int count, byte* all, int* counts, int* places, nint communicator, nint* request) =>
        Check(
            ((delegate* unmanaged<void*, int, nint, void*, int*, int*, nint, nint, nint*, int>)Address("MPI_Iallgatherv"))(
                mine,
                count,
                bytes,
                all,
                counts,
                places,
                bytes,
                communicator,
                request
            ),
            "MPI_Iallgatherv"
        );

    /// <summary>Begins to give part j of mine to rank j, and to take part r of all from rank r; parts have one size.</summary>
    public void AllToAll(byte* mine, int count, byte* all, nint communicator, nint* request) =>
        Check(
            ((delegate* unmanaged<void*, int, nint, void*, int, nint, nint, nint*, int>)Address("MPI_Ialltoall"))(
                mine,
                count,
                bytes,
                all,
                count,
                bytes,
                communicator,
                request
            ),
            "MPI_Ialltoall"
        );

    /// <summary>Whether a request is complete; MPI makes progress in this call alone.</summary>
    public bool Test(nint* request)
    {
        int done;
        // The status of a collective says nothing: MPI_STATUS_IGNORE is null in Open MPI and 1 in MPICH.
        var ignore = Family == MpiFamily.OpenMpi ? 0 : 1;
        Check(((delegate* unmanaged<nint*, int*, void*, int>)test)(request, &done, (void*)ignore), "MPI_Test");
        return done != 0;
    }

    private nint Address(string function) => NativeLibrary.GetExport(library, function);

    private void ReturnErrors(nint communicator) =>
        Check(
            ((delegate* unmanaged<nint, nint, int>)Address("MPI_Comm_set_errhandler"))(communicator, returnErrors),
            "MPI_Comm_set_errhandler"
        );

    private int Ask(string function, nint communicator)
    {
        int answer;
        Check(((delegate* unmanaged<nint, int*, int>)Address(function))(communicator, &answer), function);
        return answer;
    }

    private string ReadVersion()
    {
        var text = stackalloc byte[LongestText];
        int length;
        Check(((delegate* unmanaged<byte*, int*, int>)Address("MPI_Get_library_version"))(text, &length), "MPI_Get_library_version");
        return MpiVersion.InALine(Encoding.UTF8.GetString(text, Math.Clamp(length, 0, LongestText)));
    }

    private void Check(int code, string function)
    {
        if (code == Success)
            return;
        var text = stackalloc byte[LongestText];
        int length;
        var told = ((delegate* unmanaged<int, byte*, int*, int>)Address("MPI_Error_string"))(code, text, &length) == Success;
        throw new IOException(
            $"{function} said: "
                + $"{(told ? MpiVersion.InALine(Encoding.UTF8.GetString(text, Math.Clamp(length, 0, LongestText))) : $"error {code}")}"
        );
    }
}
